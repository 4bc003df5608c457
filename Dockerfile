# One image for the api and the worker. It carries no secret: they are files under /run/secrets.
FROM debian:12-slim AS build
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/liasse
COPY requirements.txt ./
RUN python3 -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt

FROM debian:12-slim
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    python3 tesseract-ocr tesseract-ocr-fra libgl1 libglib2.0-0 bubblewrap fonts-dejavu-core fonts-liberation \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/liasse --create-home liasse
WORKDIR /opt/liasse
COPY --from=build /opt/liasse/.venv .venv
COPY domain domain
COPY law law
COPY dossiers dossiers
COPY rights rights
COPY liquidation liquidation
COPY checks checks
COPY validation validation
COPY ocr ocr
COPY cage cage
COPY store store
COPY ingest ingest
COPY archive archive
COPY outbound outbound
COPY workers workers
COPY api api
COPY cli cli
COPY liasse liasse
RUN echo /opt/liasse > .venv/lib/python3.11/site-packages/liasse.pth
ENV LIASSE_HOME=/var/lib/liasse OMP_THREAD_LIMIT=1 PYTHONDONTWRITEBYTECODE=1
USER liasse
ENTRYPOINT ["/opt/liasse/liasse"]
CMD ["serve"]
