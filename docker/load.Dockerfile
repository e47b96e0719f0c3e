# Builds the load generator and leaves an image that runs it. From the project's root:
#   docker build -f docker/load.Dockerfile -t rallypoint-load .
#   docker run --rm --network host rallypoint-load simulate --help
# It has Gatling's charts in it, which are free to use and not to be published: for your own machines only.
FROM maven:3.9.11-eclipse-temurin-25-noble AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -B -q -DskipTests -pl loadtest/gatling -am package

FROM eclipse-temurin:25.0.1_8-jre-noble
RUN groupadd --gid 10002 load \
  && useradd --uid 10002 --gid 10002 --no-create-home --shell /usr/sbin/nologin load \
  && install -d -o load -g load -m 0750 /results
COPY --from=build /src/LICENSE /src/NOTICE /opt/rallypoint/
COPY --from=build /src/loadtest/bin /opt/rallypoint/loadtest/bin
COPY --from=build /src/loadtest/gatling/target/classes /opt/rallypoint/loadtest/gatling/target/classes
COPY --from=build /src/loadtest/gatling/target/lib /opt/rallypoint/loadtest/gatling/target/lib
ENV PATH=/opt/rallypoint/loadtest/bin:$PATH
USER 10002:10002
WORKDIR /results
VOLUME /results
ENTRYPOINT ["loadtest"]
CMD ["simulate", "--help"]
