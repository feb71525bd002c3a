# syntax=docker/dockerfile:1
# The operator: one bundle on a small base, no shell, not root.
#   docker build -f deploy/docker/operator.Dockerfile -t ghcr.io/ebb-project/ebb-operator:0.1.0 .
# A release names both bases by digest and the time of its commit; see "A release" in CONTRIBUTING.md.
ARG BUILD_BASE=node:22-bookworm-slim
ARG RUN_BASE=gcr.io/distroless/nodejs22-debian12:nonroot

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
