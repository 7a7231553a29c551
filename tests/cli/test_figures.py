"""The commands that show figures: verify, summary in every convention, columns, recognition, and members of families."""

import json
from pathlib import Path

import pytest

from resnet_studio.analysis.costs import together, unit_costs
from resnet_studio.analysis.figures import figures
from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.files import read_design, write_design
from resnet_studio.design.presets import preset
from resnet_studio.resources_path import resource
from tests.cli.program import refusal, run


def test_verify_asks_torchinfo_and_all_agree(tmp_path: Path) -> None:
    ended = run("verify", "cifar_resnet20", "resnet18_v1", "--json", folder=tmp_path)
    rows = json.loads(ended.stdout)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert {row["network"] for row in rows} == {"cifar_resnet20", "resnet18_v1"}
    assert all(row["agrees"] and row["torchinfo"] == row["counted"] for row in rows)
    assert ("cifar_resnet20", "params", "0.27 M", 269_722) in {
        (row["network"], row["what"], row["printed"], row["counted"]) for row in rows
    }


def test_verify_without_torch_prints_every_figure(tmp_path: Path) -> None:
    ended = run("verify", "--no-confirm", folder=tmp_path)
    assert ended.returncode == 0
    assert f"All {len(figures())} figures agree." in ended.stdout
    assert "25,557,032" in ended.stdout


def test_verify_says_1_where_a_figure_disagrees(tmp_path: Path) -> None:
    wrong = resource("figures.json").read_text().replace('"11,689,512"', '"11,689,513"')
    program = (
        "import sys, pathlib; from resnet_studio.analysis import figures as room;"
        "room.resource = lambda *_: pathlib.Path('wrong.json');"
        "from resnet_studio.cli import main; sys.exit(main(['verify', 'resnet18', '--no-confirm']))"
    )
    (tmp_path / "wrong.json").write_text(wrong)
    import subprocess
    import sys

    from tests.cli.program import environment

    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment(tmp_path / ".home"),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    assert "1 of 4 figures disagree." in ended.stdout
    assert " NO" in ended.stdout


def test_verify_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    assert "Did you mean" in refusal(run("verify", "resnte50", folder=tmp_path))
    assert "No figure of wrn_22_3 is known" in refusal(run("verify", "wrn_22_3", folder=tmp_path))


def test_any_member_of_a_family_is_a_source(tmp_path: Path) -> None:
    ended = run("new", "wrn_22_3", "-o", "a.json", folder=tmp_path)
    assert ended.returncode == 0
    assert read_design(tmp_path / "a.json") == preset("wrn_22_3")
    told = json.loads(run("summary", "cifar_resnet26_w24", "--json", "--no-confirm", folder=tmp_path).stdout)
    assert told["recognised"]["name"] == "cifar_resnet26_w24"
    line = refusal(run("new", "cifar_resnet21", "-o", "b.json", folder=tmp_path))
    assert "6n+2" in line
    assert "Take 20 or 26." in line


def test_summary_says_which_network_it_is(tmp_path: Path) -> None:
    assert "This is ResNet-50 v1.5." in run("summary", "resnet50", "--no-confirm", folder=tmp_path).stdout
    changed = edits.change_blocks(preset("resnet50"), ["s2b3"], width=64)
    write_design(tmp_path / "a.json", changed)
    ended = run("summary", "a.json", "--fold", "--no-confirm", folder=tmp_path)
    assert "Nearest: ResNet-50 v1.5; differs in Stage 2, block 3: width 64 instead of 128." in ended.stdout
    told = json.loads(run("summary", "a.json", "--json", "--no-confirm", folder=tmp_path).stdout)
    assert told["recognised"] == {
        "name": "resnet50",
        "title": "ResNet-50 v1.5",
        "exact": False,
        "differences": ["Stage 2, block 3: width 64 instead of 128"],
        "notes": [],
    }


@pytest.mark.parametrize(
    ("words", "work"),
    [
        ([], 4_089_184_256),
        (["--flops"], 8_178_368_512),
        (["--count", "ptflops"], 4_121_924_096),
        (["--count", "norm"], 4_111_412_224),
        (["--count", "all", "--flops"], 8_216_627_712),
    ],
)
def test_summary_counts_by_any_convention(tmp_path: Path, words: list[str], work: int) -> None:
    told = json.loads(run("summary", "resnet50", "--json", "--no-confirm", *words, folder=tmp_path).stdout)
    assert told["counted"]["work"] == work
    printed = run("summary", "resnet50", "--fold", "--no-confirm", *words, folder=tmp_path).stdout
    assert f"{work:,}" in printed


def test_presets_and_comparisons_count_by_any_convention_too(tmp_path: Path) -> None:
    words = ("--count", "ptflops", "--flops")
    listed = json.loads(run("presets", "--json", *words, folder=tmp_path).stdout)
    fifty = next(entry for entry in listed if entry["name"] == "resnet50")
    assert (fifty["macs"], fifty["work"]) == (4_089_184_256, 8_211_108_352)
    assert "8.211 G" in run("presets", *words, folder=tmp_path).stdout
    told = json.loads(run("compare", "resnet50_v1", "resnet50", "--json", *words, folder=tmp_path).stdout)
    assert told["counted"]["right"] == 8_211_108_352
    printed = run("compare", "resnet50_v1", "resnet50", *words, folder=tmp_path).stdout
    assert f"{told['counted']['delta']:+,}" in printed
    assert "FLOPs with norm, activation, pooling" in printed


def test_the_rows_of_units_add_up_to_the_totals(tmp_path: Path) -> None:
    told = json.loads(run("summary", "resnet50d", "--json", "--no-confirm", folder=tmp_path).stdout)
    for name in ("params", "macs", "activations", "backward_bytes", "bytes_moved"):
        assert sum(row[name] for row in told["units"]) == told[name], name
        ends = told["units"][0][name] + told["units"][-1][name]
        assert sum(row[name] for row in told["stages"]) + ends == told[name], name
    assert sum(row["activations"] for row in told["layers"]) == told["activations"]
    assert sum(row["bytes_moved"] for row in told["layers"]) == told["bytes_moved"]
    assert [(row["blocks"], row["effective_stride"]) for row in told["stages"]] == [
        (3, 4),
        (4, 8),
        (6, 16),
        (3, 32),
    ]
    plan = analyse(preset("resnet50d"))
    assert told["units"][-1]["receptive_field"] == plan.totals.receptive
    assert told["units"][-2]["effective_stride"] == 32
    assert told["intensity"] == pytest.approx(together(unit_costs(plan)).intensity, abs=1e-3)


def test_columns_are_chosen_and_wrong_ones_refused(tmp_path: Path) -> None:
    ended = run("summary", "resnet18", "--blocks", "--columns", "all", "--no-confirm", folder=tmp_path)
    head = ended.stdout.splitlines()[3]
    assert head.split()[-6:] == ["MACs", "activations", "kept", "sees", "stride", "FLOPs/byte"]
    assert sum(line.startswith("Stage ") for line in ended.stdout.splitlines()) == 8
    assert "There is no column" in refusal(run("summary", "resnet18", "--columns", "x", folder=tmp_path))
    assert "--count cannot be" in refusal(run("summary", "resnet18", "--count", "x", folder=tmp_path))


def test_families_are_listed_for_people_and_for_programs(tmp_path: Path) -> None:
    shown = run("presets", "--families", folder=tmp_path)
    assert shown.returncode == 0
    assert "wrn_DEPTH_WIDEN" in shown.stdout
    assert "for n blocks in each stage (6n+4, 10 to 4096)" in shown.stdout
    for family in json.loads(run("presets", "--families", "--json", folder=tmp_path).stdout):
        assert run("new", family["first"], "-o", f"{family['name']}.json", folder=tmp_path).returncode == 0
