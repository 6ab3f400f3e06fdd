"""The audit is only added to: a trigger refuses UPDATE and DELETE, whoever asks.

No trigger on TRUNCATE: it is the owner's alone, and what the tests empty their tables with.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION audit_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_only_added_to BEFORE UPDATE OR DELETE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_only_added_to();
"""
ALLOW = """
DROP TRIGGER audit_only_added_to ON audit_auditevent;
DROP FUNCTION audit_only_added_to();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
