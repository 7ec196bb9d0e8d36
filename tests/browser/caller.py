"""What the page calls, called without a browser, as anybody can."""

from __future__ import annotations

import json
import urllib.request
from typing import Any


class Caller:
    """Calls what the page calls, without the page."""

    def __init__(self, url: str, *, session: str = "intruder") -> None:
        self._url, self._session = url, session
        with urllib.request.urlopen(f"{url}/config") as reply:
            config = json.load(reply)
        self._parts = config["components"]
        self._events = config["dependencies"]

    def event(self, event: str, *, elem_id: str = "", elem_class: str = "") -> dict[str, Any]:
        """An event of a component."""
        ids = {
            part["id"]
            for part in self._parts
            if (elem_id and part["props"].get("elem_id") == elem_id)
            or (elem_class and elem_class in (part["props"].get("elem_classes") or ()))
        }
        found: dict[str, Any] = next(
            each
            for each in self._events
            if any(target in ids and name == event for target, name in each["targets"])
        )
        return found

    def call(self, event: dict[str, Any], data: list[Any], told: object = None) -> str:
        """Do as the page does, and wait for the end; what came back."""
        body = {
            "fn_index": event["id"],
            "data": data + [None] * (len(event["inputs"]) - len(data)),
            "event_data": told,
            "trigger_id": event["targets"][0][0],
            "session_hash": self._session,
        }
        if event["queue"] is False:
            return self._post("run/predict", body)
        self._post("queue/join", body)
        came = ""
        with urllib.request.urlopen(
            f"{self._url}/gradio_api/queue/data?session_hash={self._session}", timeout=60
        ) as stream:
            for line in stream:
                came += line.decode()
                if "process_completed" in came or "unexpected_error" in came:
                    break
        return came

    def _post(self, path: str, body: object) -> str:
        request = urllib.request.Request(
            f"{self._url}/gradio_api/{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as reply:
            text: str = reply.read().decode()
        return text
