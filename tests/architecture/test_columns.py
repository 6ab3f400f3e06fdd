"""Every column is classed, and what is personal is sealed or only points."""

import pytest
from django.apps import apps
from django.db import models

from navmeet.protect.classes import Columns, Personal
from navmeet.protect.columns import ProtectedText
from tests.architecture.code import PACKAGES

OURS = [model for model in apps.get_models() if model.__module__.split(".")[0] in PACKAGES]
# Words that people write, or that name them, are never in a plain column.
FREE_TEXT = 200


def test_there_are_models_to_look_at() -> None:
    assert len(OURS) >= 20


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_column_has_a_class_and_every_class_a_column(model: type[models.Model]) -> None:
    classed: Columns = model.COLUMNS  # type: ignore[attr-defined]
    assert set(classed.columns) == {field.name for field in model._meta.concrete_fields}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_column_is_classed_sealed_exactly_when_it_is_sealed(model: type[models.Model]) -> None:
    classed: Columns = model.COLUMNS  # type: ignore[attr-defined]
    for field in model._meta.concrete_fields:
        is_sealed = isinstance(field, ProtectedText)
        assert (classed.columns[field.name] == Personal.SEALED) == is_sealed, field.name


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_model_with_sealed_columns_knows_its_id_before_it_is_stored(model: type[models.Model]) -> None:
    if any(isinstance(field, ProtectedText) for field in model._meta.concrete_fields):
        assert isinstance(model._meta.pk, models.UUIDField)
        assert model._meta.pk.has_default()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_model_has_no_order_of_its_own_and_shows_an_id(model: type[models.Model]) -> None:
    assert not model._meta.ordering
    instance = model()
    assert str(instance) == str(instance.pk)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_plain_column_holds_free_text_about_a_person(model: type[models.Model]) -> None:
    classed: Columns = model.COLUMNS  # type: ignore[attr-defined]
    for field in model._meta.concrete_fields:
        assert not (isinstance(field, models.TextField) and classed.columns[field.name] != Personal.NO), field.name
        if isinstance(field, models.CharField) and (field.max_length or 0) > FREE_TEXT:
            assert classed.columns[field.name] == Personal.NO, field.name
