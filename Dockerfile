# Builds the image from the sources alone: docker build -t waybill .
FROM eclipse-temurin:25-jdk AS build
WORKDIR /build
# mvnw needs curl to fetch Maven, and this image has no such program.
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
# If no Maven is installed, mvnw fetches the one in .mvn/wrapper and checks its checksum.
COPY mvnw pom.xml ./
COPY .mvn .mvn
# The libraries change less often than the sources, so they have their own layer, which is cached.
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -q -Dmaven.test.skip=true dependency:go-offline
COPY clients clients
COPY samples samples
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -q -Dmaven.test.skip=true package \
 && java -Djarmode=tools -jar target/waybill.jar extract --layers --destination layers

FROM eclipse-temurin:25-jre
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 waybill \
 && useradd --system --uid 10001 --gid waybill --no-create-home waybill \
 && mkdir /data && chown waybill:waybill /data
WORKDIR /waybill
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./

USER 10001:10001
# This folder has the database and the uploads of a single machine. In a cluster it has only the
# uploads, which all pods share.
VOLUME /data
# By default the service listens on the loopback address, which cannot be reached from outside the
# container.
ENV WAYBILL_DATADIR=/data \
    SERVER_ADDRESS=0.0.0.0 \
    SERVER_PORT=8080
EXPOSE 8080
# While a pod starts, a failed check does not count. The first check that succeeds ends this time.
# Pods that share few processor cores with other programs need minutes to start.
HEALTHCHECK --interval=5s --timeout=3s --start-period=300s --retries=3 \
  CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/actuator/health/readiness"]
# Starts Java without a shell. So the service gets the signal of "docker stop" and can return its
# jobs to the queue. The heap gets only half of the memory, because threads, buffers and the native
# library of the driver need memory, too. With Java's default MetaspaceSize, the classes that are
# loaded at the start lead to garbage collections that shrink the heap. Imports then took a tenth
# more CPU time. JAVA_TOOL_OPTIONS adds options.
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "-XX:MaxRAMPercentage=50", \
  "-XX:MetaspaceSize=128m", "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError", \
  "-jar", "waybill.jar"]
