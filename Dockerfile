# syntax=docker/dockerfile:1
# The server in two stages: one compiles it, the other has what it runs on and nothing else.
#   docker build -t orchestratord .        compose.yaml runs it; docs/operations.md says how
# scripts/check_image.py carries these commands out in folders, where there is no Docker.

FROM swift:6.3-bookworm AS build
WORKDIR /src
COPY scripts/packages.txt scripts/install-packages.sh scripts/
RUN scripts/install-packages.sh build
COPY . .
ARG CONFIGURATION=release
# Swift's own libraries go into the binary, so that the second stage needs no Swift.
RUN swift build -c ${CONFIGURATION} --product orchestratord --static-swift-stdlib \
    --explicit-target-dependency-import-check error \
    && install -D "$(swift build -c ${CONFIGURATION} --show-bin-path)/orchestratord" /out/orchestratord

FROM debian:bookworm-slim
COPY scripts/packages.txt scripts/install-packages.sh /tmp/scripts/
RUN /tmp/scripts/install-packages.sh run && rm -rf /tmp/scripts /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 orchestratord \
    && useradd --system --uid 10001 --gid 10001 --home-dir /srv/orchestratord --no-create-home orchestratord \
    && install -d -o orchestratord -g orchestratord /srv/orchestratord /srv/orchestratord/data /srv/orchestratord/uploads
COPY --from=build /out/orchestratord /usr/local/bin/orchestratord
COPY --chown=orchestratord:orchestratord bots /srv/orchestratord/bots
WORKDIR /srv/orchestratord
USER orchestratord
ENV ENVIRONMENT=production HOST=0.0.0.0 DEMO=false
EXPOSE 8090
VOLUME ["/srv/orchestratord/data", "/srv/orchestratord/uploads"]
HEALTHCHECK --interval=10s --timeout=2s --start-period=5s \
    CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8090/ready"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["orchestratord"]
CMD ["serve"]
