# syntax=docker/dockerfile:1
# One image for all of PolyglotSync: node, capture and command line (docs/containers.md).
#   docker build -t polysync .
#   docker buildx build --platform linux/amd64,linux/arm64 -t polysync .

# Compiles on the builder's own platform for the image's: no emulation.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG TARGETARCH
# true: with Petabridge.Cmd's host, where the feed has it (docs/operations.md#pbm).
ARG PBM=false
WORKDIR /source
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY hocon/ hocon/
COPY src/ src/
# The real packages, whatever the cache holds: no stand-in gets into an image. Confluent.Kafka brings its own librdkafka.
RUN --mount=type=cache,target=/root/.nuget/packages,sharing=locked \
    dotnet publish src/SyncNode/SyncNode.csproj --configuration Release --arch "$TARGETARCH" --no-self-contained --output /app --nologo \
      -p:StandIns=false -p:Pbm=$PBM -p:PublishReadyToRun=true \
    && ln -s PolyglotSync.SyncNode /app/polysync

# No shell, no package manager; the user is 'app', 1654. Globalization is invariant, so ICU is not missed.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS final
LABEL org.opencontainers.image.title="PolyglotSync" \
      org.opencontainers.image.description="Keeps a Neo4j graph in step with PostgreSQL, live" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /app ./
# Two arenas: without it glibc keeps 60 to 90 MiB more (docs/operations.md#sizes). The API listens beyond loopback, since probes and ports come from outside the container;
# publish its port on 127.0.0.1, or put TLS in front, or give it a certificate (POLYSYNC_API=https://…, POLYSYNC_API_CERTIFICATE, POLYSYNC_API_KEY). The token lies in the one folder that has to be writable; a read-only root file system wants a tmpfs on /tmp.
ENV MALLOC_ARENA_MAX=2 \
    POLYSYNC_API=http://0.0.0.0:7710 \
    POLYSYNC_API_INSECURE=true \
    POLYSYNC_STATE=/tmp/polysync \
    PATH="/app:${PATH}"
EXPOSE 7710
USER $APP_UID
# Whether the process answers; whether its pipelines move is 'polysync health --ready'. A process that does something else than listen is told with --no-healthcheck.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["/app/polysync", "health"]
ENTRYPOINT ["/app/polysync"]
CMD ["--help"]
