# The image of web, worker, beat and the one-shot migration. It needs no root, and no disk but /tmp and uploads.

FROM node:22-bookworm-slim AS browser
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim-bookworm AS python
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements.lock ./
RUN /app/.venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock

FROM python:3.11-slim-bookworm
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin alongside
COPY --from=python /app/.venv .venv
COPY manage.py ./
COPY accounts accounts
COPY pupils pupils
COPY apdr apdr
COPY reviews reviews
COPY notifications notifications
COPY config config
# The packages of browsers are here only while their listed files are collected.
RUN --mount=type=bind,from=browser,source=/app/node_modules,target=/app/node_modules \
    python -m config.catalogues \
    && SECRET_KEY=only-while-building python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p var/uploads && chown 10001:10001 var/uploads
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "3", \
     "--threads", "6", "--worker-tmp-dir", "/tmp", "--graceful-timeout", "20", "--no-control-socket"]
