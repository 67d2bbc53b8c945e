# One image for every process of an installation; the command says which: web, scheduler, worker, migrate, up.
#   docker build --tag broadsheet:0.1.0 .
# How to run it: docs/how-to/run-in-containers.md. Name the base by its digest where builds must be repeatable.
ARG BASE=python:3.11-slim-bookworm

# What is needed to build and not to run: Node for styles and scripts, hatchling for the package. All of it by hash.
FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]

# In the order in which things change: locks first, so that a changed line of code installs nothing anew.
COPY requirements-image.lock requirements-wheel.lock requirements-build.lock ./
RUN python -m venv /opt/broadsheet && python -m venv .venv \
 && /opt/broadsheet/bin/pip install --require-hashes --only-binary :all: --requirement requirements-image.lock \
 && .venv/bin/pip install --require-hashes --only-binary :all: --requirement requirements-wheel.lock \
 && .venv/bin/pip install --require-hashes --only-binary :all: --requirement requirements-build.lock

COPY package.json package-lock.json .npmrc ./
COPY scripts/npm scripts/fonts.py scripts/
RUN scripts/npm ci --loglevel=error --no-progress

COPY pyproject.toml README.md LICENSE NOTICE ./
COPY frontend frontend
COPY src src
RUN .venv/bin/python scripts/fonts.py \
 && scripts/npm run build \
 && /opt/broadsheet/bin/pybabel --quiet compile -D django -d src/broadsheet/web/locale \
 && .venv/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/broadsheet/bin/pip install --no-deps dist/*.whl \
 && /opt/broadsheet/bin/pip uninstall --yes pip setuptools

# What runs: the interpreter, the installed package, fonts for the world's scripts, and an init that passes signals on.
FROM ${BASE}
ARG FONTS="fonts-noto-core fonts-noto-cjk"
ARG VERSION=0.1.0
ARG REVISION=unknown
# Debian removes old releases of its packages, so a version that is pinned here could not be built tomorrow.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends tini ${FONTS} \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 broadsheet \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/broadsheet --shell /usr/sbin/nologin broadsheet \
 && install --directory --owner 10001 --group 10001 --mode 0750 /var/lib/broadsheet

COPY --from=build /opt/broadsheet /opt/broadsheet
COPY deploy/image/probe.py /opt/probe.py

ENV PATH=/opt/broadsheet/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    BROADSHEET_HOME=/var/lib/broadsheet

LABEL org.opencontainers.image.title="Broadsheet" \
      org.opencontainers.image.description="Reports that write, check and deliver themselves: scheduled, personal and on time" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# A number, so that a cluster can see that it is not root. The root file system may be read-only: only the folder of the
# installation (a volume) and /tmp are written.
USER 10001:10001
WORKDIR /var/lib/broadsheet
VOLUME /var/lib/broadsheet
EXPOSE 8000
STOPSIGNAL SIGTERM
# Whether it lives, not whether its database does: who restarts what is unhealthy must not restart everything for that.
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=4 CMD ["python", "/opt/probe.py", "/livez"]
ENTRYPOINT ["tini", "--", "broadsheet"]
CMD ["web", "--host", "0.0.0.0", "--port", "8000"]
