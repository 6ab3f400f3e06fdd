# One image for every process; what it does is the command it is given (docker-compose.yml, deploy/nais/).
# It runs as nobody in particular, on a read-only root filesystem with a writable /tmp.

# ---- what the pages are built from: Aksel, the font, htmx
FROM node:22-slim AS packages
WORKDIR /packages
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# ---- Python packages by their hashes, and the static files
FROM python:3.13-slim AS build
WORKDIR /navmeet
COPY requirements.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
COPY manage.py ./
COPY navmeet navmeet
COPY meetings meetings
COPY invitations invitations
COPY minutes minutes
COPY --from=packages /packages/node_modules node_modules
# After this nothing of the laptop is there, also not for the step that reads production's settings.
RUN python navmeet/dev/assets.py && rm -rf navmeet/dev node_modules requirements.txt
# Values of this one command: they open nothing, and none is kept. One process collects for both surfaces.
RUN SECRET_KEY=nothing PROTECT_KEYS=nothing PROTECT_INDEX_KEY=nothing \
    DATABASE_URL=postgresql://nobody@nowhere.invalid/nothing REDIS_URL=redis://nowhere.invalid \
    PUBLIC_BASE_URL=https://nowhere.invalid PDL_PROCESSING_NUMBER=nothing SURFACES=internal \
    /venv/bin/python manage.py collectstatic --noinput \
    && rm -rf .build/static && mkdir .build/static \
    && /venv/bin/python -m compileall -q .

# ---- what runs
FROM python:3.13-slim
ENV PATH="/venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 NAVMEET_MODE=production
WORKDIR /navmeet
COPY --from=build /venv /venv
COPY --from=build /navmeet /navmeet
USER 10001:10001
EXPOSE 8080
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8080", "--workers", "1", "--blocking-threads", "8", "--no-ws", "--log-level", "info", "--no-access-log", "navmeet.wsgi:application"]
