# python3 watch.py https://…/api/jobs/ID/events
import http.client
import sys
import time
import urllib.error
import urllib.request

FINAL = ("complete", "error", "cancelled")


def events(response):
    """Yields ID, name and data of each whole event."""
    event = {}
    for line in response:
        field, _, value = line.decode().rstrip("\r\n").partition(":")
        if field:
            event[field] = value.removeprefix(" ")
        elif line.strip() == b"":
            if "event" in event:
                yield event["id"], event["event"], event["data"]
            event = {}


def watch(url, use):
    last = ""
    while True:
        request = urllib.request.Request(url, headers={"Last-Event-ID": last})
        try:
            # A comment comes every 15 s, so a read that takes longer is a lost connection.
            with urllib.request.urlopen(request, timeout=40) as response:
                if response.status == 204:
                    return  # the final event was seen before
                for last, name, data in events(response):
                    use(last, name, data)
                    if name in FINAL:
                        return
        except urllib.error.HTTPError as refused:
            if refused.code < 500 and refused.code != 429:
                raise
        except (OSError, http.client.HTTPException):
            pass  # the connection was lost
        time.sleep(3)


watch(sys.argv[1], lambda last, name, data: print(last, name, flush=True))
