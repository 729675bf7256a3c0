# A part of scripts/cluster. It finds the programs, starts each part, and checks which parts run.
# shellcheck shell=bash disable=SC2154
# (scripts/cluster sets the settings, $state and $repository)

# --- programs ------------------------------------------------------------------------------------

need() { command -v "$1" >/dev/null || die "$1 is missing: install the package $2 (scripts/verify does)"; }

find_programs() {
  need openssl openssl
  need curl curl
  need nginx nginx
  need redis-server redis-server
  [ "$(id -u)" != 0 ] || need setpriv util-linux
  postgres_bin
  java_bin
}

# Finds the programs of the PostgreSQL version that wrote the data. If there is no data yet, finds
# the programs of the newest version. On Debian these programs are not on the PATH.
postgres_bin() {
  local version=
  [ -n "${pg_bin-}" ] && return
  version=$(as_user cat "$state/postgres/data/PG_VERSION" 2>/dev/null || true)
  pg_bin=$(find /usr/lib/postgresql -path "*/$version*/bin/initdb" 2>/dev/null | sort -V | tail -1)
  [ -n "$pg_bin" ] || pg_bin=$(command -v initdb || true)
  [ -n "$pg_bin" ] || die "initdb is missing: install the package postgresql (scripts/verify does)"
  pg_bin=$(dirname "$(readlink -f "$pg_bin")")
}

java_bin() {
  local candidate
  [ -n "${java-}" ] && return
  for candidate in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java || true)" \
    /usr/lib/jvm/*25*/bin/java; do
    if [ -x "$candidate" ] && "$candidate" -version 2>&1 | grep -q 'version "25'; then
      java=$candidate
      return
    fi
  done
  die "a JDK 25 is missing: install one, e.g. from https://adoptium.net, or set JAVA_HOME to it"
}

need_jar() {
  [ -f "$CLUSTER_JAR" ] && return
  [ "$CLUSTER_JAR" = "$repository/target/waybill.jar" ] || die "there is no $CLUSTER_JAR"
  say "building target/waybill.jar"
  (cd "$repository" && ./mvnw -B -q -DskipTests package </dev/null >&2)
}

# --- processes -----------------------------------------------------------------------------------

switch_user=()
if [ "$(id -u)" = 0 ]; then
  switch_user=(setpriv --reuid "$CLUSTER_USER" --regid "$(id -g "$CLUSTER_USER")" --clear-groups)
fi
as_user() { "${switch_user[@]}" "$@"; }

# Creates the folder of a server, which may run as another user.
server_folder() {
  mkdir -p "$state/$1"
  if [ "$(id -u)" = 0 ]; then
    chown -R "$CLUSTER_USER:" "$state/$1"
    as_user test -w "$state/$1" || die "the user $CLUSTER_USER cannot reach $state/$1:" \
      "set CLUSTER_DIR to a folder that everybody may enter"
  fi
}

# Starts a process in its own session, so that Ctrl-C in this terminal does not end it.
launch() {
  local who=$1 until=$((SECONDS + 10))
  shift
  setsid "$@" >>"$state/$who.log" 2>&1 </dev/null &
  echo $! >"$state/$who.pid"
  # At first the new process is still a copy of this script, and pid_of does not recognise it. Waits
  # until the process runs the program.
  until pid_of "$who" >/dev/null || ! kill -0 $! 2>/dev/null || [ $SECONDS -ge $until ]; do
    sleep 0.01
  done
}
launch_server() {
  local who=$1
  shift
  launch "$who" "${switch_user[@]}" "$@"
}

pid_of() {
  local pid
  pid=$(cat "$state/$1.pid" 2>/dev/null) || return 1
  # Checks which program the process runs, because in the meantime the process ID may have been
  # reused.
  case $1 in
    redis) ps -o args= -p "$pid" 2>/dev/null | grep -q "redis-server" || return 1 ;;
    *) ps -o args= -p "$pid" 2>/dev/null | grep -qF "$state" || return 1 ;;
  esac
  echo "$pid"
}

is_frozen() { [ "$(ps -o stat= -p "$1" | cut -c1)" = T ]; }

# wait_for WHO SECONDS COMMAND...
wait_for() {
  local who=$1 until=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    # Checks only whether the process exists. pid_of is not used here, because nginx changes its
    # command line at the start, and for a moment pid_of does not recognise it.
    if ! kill -0 "$(cat "$state/$who.pid")" 2>/dev/null || [ $SECONDS -ge $until ]; then
      tail -n 20 "$state/$who.log" >&2
      die "$who did not get ready; see $state/$who.log"
    fi
    sleep 0.2
  done
}

must_be_free() {
  ! takes_connections "$2" || die "port $2, meant for $1, is taken; choose another (see $0 help)"
}

start_postgres() {
  pid_of postgres >/dev/null && return
  must_be_free postgres "$CLUSTER_POSTGRES_PORT"
  server_folder postgres
  postgres_bin
  if ! as_user test -s "$state/postgres/data/PG_VERSION"; then
    # The password is passed in a file. It must not be on the command line, because every user can
    # read command lines. It cannot come from a pipe either, because the user that runs initdb
    # cannot read this script's pipe.
    secret postgres-admin | as_user sh -c 'umask 077 && cat >"$1"' - "$state/postgres/password"
    as_user "$pg_bin/initdb" -D "$state/postgres/data" -U postgres -A scram-sha-256 \
      --pwfile="$state/postgres/password" -E UTF8 --locale=C --no-instructions \
      >>"$state/postgres.log" 2>&1 || die "initdb failed; see $state/postgres.log"
    as_user rm "$state/postgres/password"
  fi
  launch_server postgres "$pg_bin/postgres" -D "$state/postgres/data" \
    -p "$CLUSTER_POSTGRES_PORT" -c listen_addresses=127.0.0.1 -c unix_socket_directories=
  wait_for postgres 60 "$pg_bin/pg_isready" -q -h 127.0.0.1 -p "$CLUSTER_POSTGRES_PORT"
  admin_sql >/dev/null <<END
SELECT 'CREATE ROLE waybill LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'waybill')
\gexec
ALTER ROLE waybill PASSWORD '$(secret postgres)';
SELECT 'CREATE DATABASE waybill OWNER waybill'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'waybill')
\gexec
END
}

admin_sql() {
  PGPASSWORD=$(secret postgres-admin) "$pg_bin/psql" -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 \
    -p "$CLUSTER_POSTGRES_PORT" -U postgres "$@"
}

start_redis() {
  pid_of redis >/dev/null && return
  must_be_free redis "$CLUSTER_REDIS_PORT"
  server_folder redis
  # Redis need not keep data over a restart: the database has all data, and pods write their entries
  # in Redis again.
  (umask 077 && cat >"$state/redis/redis.conf") <<END
bind 127.0.0.1
port $CLUSTER_REDIS_PORT
dir "$state/redis"
requirepass $(secret redis)
save ""
maxmemory 256mb
maxmemory-policy volatile-ttl
END
  server_folder redis
  launch_server redis redis-server "$state/redis/redis.conf"
  wait_for redis 20 takes_connections "$CLUSTER_REDIS_PORT"
}

start_nginx() {
  local pods=() port
  pid_of nginx >/dev/null && return
  must_be_free nginx "$CLUSTER_HTTP_PORT"
  must_be_free nginx "$CLUSTER_HTTPS_PORT"
  for port in $CLUSTER_POD_PORTS; do
    pods+=("127.0.0.1:$port")
  done
  ACCESS=$CLUSTER_ACCESS HTTP_LISTEN=127.0.0.1:$CLUSTER_HTTP_PORT \
    HTTPS_LISTEN=127.0.0.1:$CLUSTER_HTTPS_PORT \
    "$repository/nginx/prepare" "$state/nginx" "${pods[@]}"
  server_folder nginx
  launch_server nginx nginx -p "$state/nginx" -c "$state/nginx/nginx.conf" \
    -g "daemon off;"
  wait_for nginx 30 takes_connections "$CLUSTER_HTTPS_PORT"
}

pod_port() {
  # shellcheck disable=SC2086
  set -- "$1" $CLUSTER_POD_PORTS
  shift "$1"
  [ -n "${1-}" ] && echo "$1"
}

is_ready() { [ "$(curl -s -m 2 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/actuator/health/readiness")" = 200 ]; }

start_pod() {
  local port jar=$CLUSTER_JAR key=
  pid_of "pod$1" >/dev/null && return
  port=$(pod_port "$1")
  must_be_free "pod $1" "$port"
  java_bin
  need_jar
  mkdir -p "$state/shared"
  # The jar of this repository is copied, because the next build replaces it, which would break a
  # running pod. Any other jar is run where it is, because it may need a folder beside it.
  if [ "$CLUSTER_JAR" -ef "$repository/target/waybill.jar" ]; then
    jar=$state/waybill.jar
    [ "$jar" -nt "$CLUSTER_JAR" ] || cp --remove-destination "$CLUSTER_JAR" "$jar"
  fi
  [ "$CLUSTER_ACCESS" = off ] || key=$(secret key)
  # Secrets are passed in the environment, because every user can read the arguments of a process.
  # shellcheck disable=SC2086
  SPRING_PROFILES_ACTIVE=cluster \
    SPRING_DATASOURCE_URL="jdbc:postgresql://127.0.0.1:$CLUSTER_POSTGRES_PORT/waybill" \
    SPRING_DATASOURCE_USERNAME=waybill SPRING_DATASOURCE_PASSWORD=$(secret postgres) \
    SPRING_DATA_REDIS_HOST=127.0.0.1 SPRING_DATA_REDIS_PORT=$CLUSTER_REDIS_PORT \
    SPRING_DATA_REDIS_PASSWORD=$(secret redis) WAYBILL_CLUSTER_SECRET=$(secret cluster) \
    WAYBILL_ACCESS_BOOTSTRAPKEY=$key \
    launch "pod$1" "$java" -Xmx256m -XX:+ExitOnOutOfMemoryError -jar "$jar" \
    "--server.address=127.0.0.1" "--server.port=$port" "--waybill.data-dir=$state/shared" \
    "--waybill.cluster.advertise-url=http://127.0.0.1:$port" $CLUSTER_POD_ARGS
}

pod_ready() {
  local port
  port=$(pod_port "$1")
  wait_for "pod$1" 120 is_ready "$port"
  # Stores the pod's name now, because a frozen pod cannot be asked for its name later.
  pod_name "$port" >"$state/pod$1.name"
}

pod_name() {
  curl -s -m 2 -o /dev/null -D - "http://127.0.0.1:$1/actuator/health/liveness" \
    | tr -d '\r' | sed -n 's/^X-Waybill-Pod: //Ip'
}
