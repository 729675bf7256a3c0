#!/bin/sh
# Prints the events of a job until its end: curl.sh URL [OPTION OF CURL...]
url=$1
shift
seen=$(mktemp)
trap 'rm -f "$seen"' EXIT
until grep -Eq '^event: ?(complete|error|cancelled)$' "$seen"; do
  last=$(sed -n 's/^id: *//p' "$seen" | tail -n 1)
  # Only whole frames count: what follows a half one is sent again.
  curl -sN ${last:+-H "Last-Event-ID: $last"} "$@" "$url" | while IFS= read -r line; do
    frame="$frame$line
"
    if [ -z "$line" ]; then
      printf '%s' "$frame"
      frame=
    fi
  done | tee -a "$seen"
  sleep 1
done
