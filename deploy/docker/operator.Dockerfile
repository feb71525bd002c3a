# The operator: one bundle on a small base, no shell, not root.
#   docker build -f deploy/docker/operator.Dockerfile -t ghcr.io/ebb-project/ebb-operator:0.1.0 .
# The same source makes the same image: bases stand by digest (of the index of all platforms), packages by the lock file, and files
# bear the time that is given. See "A release" in CONTRIBUTING.md.
ARG BUILD_BASE=node:22.23.3-bookworm-slim@sha256:43ac6c60b8f89723f746e8a92ce91abd5017e627ce1ddfe4238355d3a30b772c
ARG RUN_BASE=gcr.io/distroless/nodejs22-debian12:nonroot@sha256:13593b7570658e8477de39e2f4a1dd25db2f836d68a0ba771251572d23bb4f8e

FROM ${BUILD_BASE} AS build
WORKDIR /src
COPY package.json package-lock.json tsconfig.json .npmrc ./
COPY packages ./packages
COPY scripts ./scripts
COPY deploy/dist ./deploy/dist
# What is installed and built follows from the lock file; nothing of the packages' own is run, but our build.
RUN npm ci --ignore-scripts && npm run build
# Files bear the time of the source, so that the same source makes the same layer.
ARG SOURCE_DATE_EPOCH=0
RUN mkdir /app && cp -r packages/operator/dist/. /app/ && rm -f /app/*.map \
 && find /app -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH}" '{}' +

FROM ${RUN_BASE}
COPY --from=build /app /app
ENV NODE_ENV=production
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/app/operator.js"]
