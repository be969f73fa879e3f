ARG PYTHON=3.13

# --- build: the locked packages and the program, compiled, in one folder -----------------------
FROM python:${PYTHON}-slim AS build
WORKDIR /src
COPY requirements/setup.txt requirements/runtime.txt requirements/
RUN python -m venv /opt/setup \
 && /opt/setup/bin/pip install --no-cache-dir --require-hashes -r requirements/setup.txt \
 && python -m venv --without-pip /opt/briefbot \
 && /opt/setup/bin/uv pip install --no-cache --python /opt/briefbot/bin/python \
      --require-hashes --compile-bytecode -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY seeds seeds
COPY prompts prompts
RUN /opt/setup/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/setup/bin/uv pip install --no-cache --python /opt/briefbot/bin/python \
      --no-deps --compile-bytecode dist/*.whl

# --- what runs: no compiler, no installer, no root ---------------------------------------------
FROM python:${PYTHON}-slim
RUN groupadd --gid 10001 briefbot \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin briefbot \
 && install --directory --owner 10001 --group 10001 --mode 0700 /data
COPY --from=build /opt/briefbot /opt/briefbot
ENV PATH=/opt/briefbot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BRIEFBOT_DATA_DIR=/data
USER 10001:10001
VOLUME /data
WORKDIR /data
HEALTHCHECK --interval=60s --timeout=15s --start-period=20s --retries=3 \
  CMD ["briefbot", "doctor", "--quiet"]
ENTRYPOINT ["briefbot"]
CMD ["--help"]
