# syntax=docker/dockerfile:1
# The operator: one bundle on a small base, no shell, not root.
#   docker build -f deploy/docker/operator.Dockerfile -t ebb-operator .
FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY packages ./packages
COPY scripts ./scripts
COPY deploy/dist ./deploy/dist
# SOURCE_DATE_EPOCH keeps the image's times the same for the same source.
ARG SOURCE_DATE_EPOCH=0
RUN npm ci && mkdir /app && cp -r packages/operator/dist/. /app/ && rm -f /app/*.map

FROM gcr.io/distroless/nodejs20-debian12:nonroot
COPY --from=build /app /app
ENV NODE_ENV=production
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/app/operator.js"]
