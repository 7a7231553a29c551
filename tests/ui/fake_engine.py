"""An engine that speaks the wire's words and computes nothing; run as a program, as the real one is."""

import json
import os
import sys
import time

READY = {"ready": True, "torch": "0", "devices": [{"name": "cpu", "label": "CPU, 2 threads"}]}


def say(**answer: object) -> None:
    print(json.dumps(answer), flush=True)


def rows(text: str) -> dict[str, object]:
    from resnet_studio.analysis.plan import analyse
    from resnet_studio.design.files import loads

    plan = analyse(loads(text))
    counted = [
        {"name": name, "params": layer.params, "macs": layer.torchinfo_macs, "output": list(layer.output)}
        for name, layer, _ in plan.layers()
    ]
    wrong = ["conv1: counted 1, torchinfo 2"] if "differ" in plan.design.name else []
    return {
        "agrees": not wrong, "params": plan.totals.params, "macs": plan.totals.torchinfo_macs, "rows": counted,
        "differences": wrong, "skipped": [problem.where for problem in plan.problems], "text": "",
    }  # fmt: skip


def answer(number: int, request: dict[str, object]) -> None:
    match request["do"]:
        case "echo":
            say(id=number, result=request)
        case "fail":
            say(id=number, error={"what": "It cannot be done.", "remedy": "Do without."})
        case "count":
            for done in (1, 2):
                say(id=number, progress={"done": done, "total": 2, "text": "counting"})
            say(id=number, result={"counted": 2})
        case "nonsense":
            print("not an answer", flush=True)
            say(id=number, result={})
        case "die":
            print("out of luck", file=sys.stderr, flush=True)
            os._exit(3)
        case "hang":
            time.sleep(600)
        case "confirm":
            say(id=number, result=rows(str(request["design"])))
        case "probe_data":
            classes = [str(digit) for digit in range(10)]
            say(
                id=number,
                result={"title": "Digits", "classes": classes, "shape": [1, 8, 8], "train": 1442, "val": 355},
            )
        case "memory":
            free = {"free": 8_000_000_000, "total": 16_000_000_000, "count": 1}
            say(id=number, result={"name": "cpu", "label": "CPU, 2 threads", **free})
        case "datasets":
            say(id=number, result=[])
        case "never":
            pass
        case "cancel":
            say(id=request["cancel"], error={"what": "Cancelled.", "remedy": ""})
            say(id=number, result={})
        case _:
            say(id=number, result={})


say(id=0, result=READY)
for line in sys.stdin:
    request = json.loads(line)
    answer(request.pop("id"), request)
