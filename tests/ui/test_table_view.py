"""The layer table as a widget: selection both ways, what is open, sorting by clicks, copies, keys."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.costs import together, unit_costs
from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import si
from resnet_studio.ui.table import LayerTable
from resnet_studio.ui.table.column_memory import Columns, columns_of
from resnet_studio.ui.table.copying import as_csv, as_latex, as_markdown, latex_text
from resnet_studio.ui.table.figures import COUNTED
from resnet_studio.ui.table.model import LayerModel
from resnet_studio.ui.table.rows import Column
from resnet_studio.ui.table.totals import TotalsLine
from resnet_studio.ui.table.tree import LayerTree
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState


class Desk:
    def __init__(self, qtbot: QtBot, name: str = "resnet50", width: int = 900) -> None:
        self.qtbot = qtbot
        self.document, self.state = Document(preset(name)), ViewState()
        self.table = LayerTable(self.document, ThemeManager(), self.state)
        qtbot.addWidget(self.table)
        self.table.resize(width, 400)
        with qtbot.waitExposed(self.table):
            self.table.show()
        self.tree: LayerTree = self.table.findChild(LayerTree, "layerTree")
        self.model: LayerModel = self.tree.model()  # type: ignore[assignment]

    def index(self, key: str):  # type: ignore[no-untyped-def]
        row = self.model.row_of(key)
        assert row is not None, key
        return self.model.index_of(row)

    def open(self, *keys: str) -> None:
        for key in keys:
            self.tree.expand(self.index(key))

    def copy(self, name: str) -> None:
        button = self.table.findChild(QPushButton, "layerCopy")
        assert button.isVisible()
        action = button.menu().findChild(QAction, name)
        assert action.isEnabled()
        action.trigger()

    def selected(self) -> set[str]:
        return {self.model.row_at(index).key for index in self.tree.selectionModel().selectedRows()}

    def click_header(self, column: Column) -> None:
        header = self.tree.header()
        at = header.viewport().rect().center()
        at.setX(header.sectionViewportPosition(column) + 12)
        self.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_selection_goes_both_ways_and_opens_the_stage(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.document.select(["s3b4"])
    assert d.selected() == {"s3b4"}
    assert d.tree.isExpanded(d.index("s3"))
    assert d.tree.viewport().rect().contains(d.tree.visualRect(d.index("s3b4")).center())
    d.open("s3b4")
    d.tree.setCurrentIndex(d.index("s3b4/conv2"))
    assert d.document.selection == ("s3b4",)
    assert d.selected() == {"s3b4/conv2"}, "choosing a layer keeps the layer chosen"
    flags = QItemSelectionModel.SelectionFlag
    d.tree.selectionModel().select(d.index("s2"), flags.Select | flags.Rows)
    assert d.document.selection == ("s2", "s3b4")
    d.document.select(())
    assert d.selected() == set()


def test_what_is_open_stays_open_through_edits_and_moves(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.open("s2", "s2b2")
    d.document.apply(edits.change_blocks(d.document.design, ["s2b2"], width=96), "Width")
    assert d.tree.isExpanded(d.index("s2b2"))
    d.document.apply(edits.move_blocks(d.document.design, ["s2b2"], 1, 4), "Move")
    assert d.tree.isExpanded(d.index("s2"))
    assert d.tree.isExpanded(d.index("s2b2"))
    d.document.undo_stack.undo()
    assert d.tree.isExpanded(d.index("s2b2"))
    d.click_header(Column.PARAMS)
    assert d.tree.isExpanded(d.index("s2b2"))


def test_clicks_on_a_title_sort_both_ways_and_back(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    plain = [row.key for row in d.model.all_rows()]
    back = d.table.findChild(QPushButton, "layerNetworkOrder")
    assert not back.isVisible()
    d.click_header(Column.MACS)
    first = [row.cells.macs for row in d.model.all_rows() if row.parent is not None and not row.parent.key]
    assert first == sorted(first, reverse=True)
    assert d.model.headerData(Column.MACS, Qt.Orientation.Horizontal) == "▼\u202fMult-adds"
    d.click_header(Column.MACS)
    first = [row.cells.macs for row in d.model.all_rows() if row.parent is not None and not row.parent.key]
    assert first == sorted(first)
    d.click_header(Column.MACS)
    assert [row.key for row in d.model.all_rows()] == plain
    d.click_header(Column.NAME)
    d.qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert [row.key for row in d.model.all_rows()] == plain


def test_typing_filters_and_keeps_the_selection(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.document.select(["s2b1"])
    d.qtbot.keyClicks(d.table.findChild(QLineEdit, "layerFilter"), "downsample")
    assert d.document.selection == ("s2b1",)
    names = [row.cells.name for row in d.model.all_rows() if row.layer is not None]
    assert names
    assert all("downsample" in name for name in names)
    assert d.tree.isExpanded(d.index("s4b1")), "what was found can be seen"
    d.table.findChild(QLineEdit, "layerFilter").clear()
    assert not d.tree.isExpanded(d.index("s4b1")), "and what was closed before is closed again"


def test_csv_holds_plain_numbers_that_add_up(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.copy("layerCopyCsv")
    lines = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text())))
    leaves = [line for line in lines if line["kind"] == "Convolution" or line["layer"] == "fc"]
    assert sum(int(line["macs"]) for line in leaves) == d.document.plan.totals.macs
    conv1 = next(line for line in lines if line["layer"] == "conv1")
    said = (conv1["kernel"], conv1["stride"], conv1["output"], conv1["params"])
    assert said == ("7x7", "2", "64x112x112", "9408")
    pool = next(line for line in lines if line["layer"] == "maxpool")
    assert (pool["kernel"], pool["stride"], pool["groups"]) == ("3x3", "2", "")
    total = lines[-1]
    costs = together(unit_costs(d.document.plan))
    assert [total[name] for name in ("layer", "params", "macs", "activations", "memory_bytes")] == [
        "total", *map(str, (costs.params, costs.work.macs, costs.activations, costs.kept))
    ]  # fmt: skip
    assert (total["receptive_field"], total["effective_stride"]) == ("427", "32")
    assert float(total["flops_per_byte"]) == pytest.approx(costs.intensity, abs=1e-4)
    for line in lines:
        if line["kind"] not in ("Convolution", "Max-pool"):
            assert (line["kernel"], line["stride"], line["groups"]) == ("", "", ""), line


def test_markdown_has_every_column_whatever_is_shown(qtbot: QtBot) -> None:
    d = Desk(qtbot, width=450)
    d.copy("layerCopyMarkdown")
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in QGuiApplication.clipboard().text().splitlines()
    ]
    assert lines[0][:6] == ["Layer", "Kind", "Kernel", "Stride", "Groups", "Input"]
    by_name = {line[0]: line for line in lines}
    assert by_name["conv1"][2:5] == ["7×7", "2", "1"]
    assert by_name["layer1"][2:5] == by_name["relu"][2:5] == ["", "", ""]


def test_latex_has_every_row_and_column(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.copy("layerCopyLatex")
    package, begin, top, titles, middle, *rows, bottom, end = QGuiApplication.clipboard().text().splitlines()
    assert package == "% \\usepackage{booktabs}"
    assert (begin, end) == (r"\begin{tabular}{llrrrrrrrrrrrrr}", r"\end{tabular}")
    assert (top, middle, bottom) == (r"\toprule", r"\midrule", r"\bottomrule")
    assert titles.startswith("Layer & Kind & Kernel & Stride")
    assert all(row.count(" & ") == 14 and row.endswith(r" \\") for row in rows)
    conv1 = next(row for row in rows if row.startswith("conv1 &"))
    assert r"7$\times$7 & 2 & 1 & 3$\cdot$224$^2$ & 64$\cdot$112$^2$ & 9\,408" in conv1
    assert len(rows) == len(list(d.model.all_rows())) + 1
    assert rows[-1].startswith(
        r"Total &  &  &  &  & 3$\cdot$224$^2$ & 1000 & 25\,557\,032 & 4\,089\,184\,256 & 11\,113\,984 & "
    )


# LaTeX's own characters, each with what prints it; whatever else is a backslash would be a command.
PRINTS = {
    r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^", r"\textless{}": "<",
    r"\textgreater{}": ">", r"\textbar{}": "|", "{[}": "[", "{]}": "]", "{*}": "*",
} | {f"\\{mark}": mark for mark in "&%$#_{}"}  # fmt: skip


@given(text=st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=30))
def test_no_text_commands_latex(text: str) -> None:
    left, read = latex_text(text), ""
    while left:
        found = next((escape for escape in PRINTS if left.startswith(escape)), left[0])
        assert found in PRINTS or found not in "\\&%$#_{}~^[]*", left
        read += PRINTS.get(found, found)
        left = left[len(found) :]
    assert read == "".join(mark for mark in " ".join(text.split()) if mark.isprintable())


def test_keys_copy_rows_and_edit_blocks(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.open("s2", "s2b1")
    flags = QItemSelectionModel.SelectionFlag
    for key in ("s2b1/conv2", "s2b1/conv1"):  # copied as they are seen, whatever was clicked first
        d.tree.selectionModel().select(d.index(key), flags.Select | flags.Rows)
    d.tree.setFocus()
    d.qtbot.keyClick(d.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("| Layer | Kind |")
    assert "layer2.0.conv2" in lines[3]
    before = len(list(d.document.design.blocks()))
    d.qtbot.keyClick(d.tree, Qt.Key.Key_Delete)
    assert len(list(d.document.design.blocks())) == before - 1
    assert d.document.design.block("s2b1") is None


def test_totals_follow_and_name_their_convention(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    line = d.table.findChild(TotalsLine, "layerTotals")
    assert line.texts[:2] == [("25\u202f557\u202f032", "parameters"), ("4.09\u202fG", "mult-adds")]
    d.state.show_flops(True)
    assert line.texts[1] == ("8.18\u202fG", "FLOPs")
    assert d.model.headerData(Column.MACS, Qt.Orientation.Horizontal) == "FLOPs"
    d.document.apply(edits.remove_blocks(d.document.design, ["s4b3"]), "Delete")
    assert line.texts[0][0] != "25\u202f557\u202f032"
    # 56 x 56 pixels times the weights of the first bottleneck with its projection, and of two more; twice for FLOPs.
    by_hand = 2 * 56**2 * (64 * 64 + 9 * 64 * 64 + 2 * 64 * 256 + 2 * (2 * 64 * 256 + 9 * 64 * 64))
    assert d.model.text(d.model.row_of("s1"), Column.MACS) == si(by_hand)


def shown(d: Desk) -> set[Column]:
    return {column for column in Column if not d.tree.header().isSectionHidden(column)}


def test_a_narrow_table_spares_the_least_first_but_not_what_was_chosen(qtbot: QtBot) -> None:
    d = Desk(qtbot, "cifar_resnet110", width=1400)
    d.open("s3", "s3b1")
    assert shown(d) == set(Column)
    before = shown(d)
    for width in range(1400, 320, -20):
        d.table.resize(width, 400)
        assert shown(d) <= before, "what went does not come back when there is less room"
        before = shown(d)
        # A name is cut last of all.
        words = d.tree.header().sectionSize(Column.NAME)
        assert words >= 40 + d.tree.fontMetrics().horizontalAdvance("layer3.0.downsample.0"), width
    assert before == {Column.NAME, Column.PARAMS, Column.MACS}
    d.table.resize(1000, 400)
    assert shown(d) >= set(Column) - set(COUNTED)
    d.table.resize(1400, 400)
    assert shown(d) == set(Column)
    d.tree.columns.show(Column.INPUT, True)
    d.tree.columns.show(Column.MACS, False)
    d.table.resize(450, 400)
    assert Column.INPUT in shown(d)
    assert Column.MACS not in shown(d)
    d.tree.columns.forget()
    assert Column.INPUT not in shown(d)
    assert Column.MACS in shown(d)


def test_titles_have_room_for_the_arrow(qtbot: QtBot) -> None:
    d = Desk(qtbot, width=1400)
    header = d.tree.header()
    for column in list(Column)[1:-1]:
        d.click_header(column)
        title = d.model.headerData(column, Qt.Orientation.Horizontal)
        assert title[-1] in "▼▲" or title[0] in "▼▲"
        assert header.fontMetrics().horizontalAdvance(title) + 8 <= header.sectionSize(column), title


def test_the_columns_can_be_chosen_from_the_rows_menu_too(qtbot: QtBot) -> None:
    d = Desk(qtbot, width=450)
    d.tree.customContextMenuRequested.emit(d.tree.visualRect(d.index("s1")).center())
    menu = d.table.findChild(QMenu, "layerColumns")
    assert isinstance(menu, QMenu)
    stride = next(action for action in menu.actions() if action.text() == "Stride")
    assert not stride.isChecked()
    stride.trigger()
    assert Column.STRIDE in shown(d)
    d.table.findChild(QMenu, "layerMenu").close()


def test_a_button_lets_the_columns_be_chosen_that_have_no_room(qtbot: QtBot) -> None:
    d = Desk(qtbot, width=450)
    assert not shown(d) & set(COUNTED)
    qtbot.mouseClick(d.table.findChild(QPushButton, "layerChooseColumns"), Qt.MouseButton.LeftButton)
    menu = d.table.findChild(QMenu, "layerColumns")
    assert menu.isVisible()
    for words in ("Activations", "Memory", "Receptive", "Eff. stride", "FLOPs/byte"):
        action = next(action for action in menu.actions() if action.text() == words)
        assert not action.isChecked()
        action.trigger()
    menu.close()
    assert shown(d) >= set(COUNTED)
    row = d.model.row_of("s3")
    assert [d.model.text(row, column) for column in COUNTED] == [
        "2.16\u202fM",
        "16.5\u202fMB",
        "267",
        "16",
        "31.0",
    ]


def test_a_kernel_can_be_looked_for_and_nothing_is_said_in_words(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    field = d.table.findChild(QLineEdit, "layerFilter")
    nothing = d.table.findChild(QLabel, "layerNothing")
    for words in ("3x3", "3×3", "3X3 /2"):
        field.setText(words)
        found = {row.cells.kernel for row in d.model.all_rows() if row.layer is not None}
        assert found == {3}, words
        assert d.tree.isVisible()
    field.setText("9x9")
    assert nothing.isVisible()
    assert nothing.text() == "Nothing matches “9x9”."
    assert not d.tree.isVisible()
    d.document.apply(edits.remove_blocks(d.document.design, ["s4b3"]), "Delete")
    assert nothing.isVisible()
    field.clear()
    assert d.tree.isVisible()
    assert not nothing.isVisible()


def test_confirmation_is_of_the_drawing_as_it_is_now(qtbot: QtBot) -> None:
    d = Desk(qtbot, "resnet18")
    rows = {
        name: {"params": layer.params, "macs": layer.torchinfo_macs, "output": list(layer.output)}
        for name, layer, _ in analyse(d.document.design).layers()
    }
    d.table.set_confirmation(rows)
    said = d.index("s1").siblingAtColumn(Column.TORCHINFO)
    assert said.data() == "✓"
    d.document.apply(edits.change_blocks(d.document.design, ["s1b1"], width=32), "Width")
    assert d.index("s1").siblingAtColumn(Column.TORCHINFO).data() == "…"
    d.table.set_confirmation(None)
    assert d.index("s4").siblingAtColumn(Column.TORCHINFO).data() == "…"


def test_texts_of_people_stay_texts() -> None:
    assert as_markdown(["a", "b"], [["x|y", "1\n2"]]).splitlines()[2] == "| x\\|y | 1 2 |"
    assert as_csv(["a"], [["=1+1"], [5]]).splitlines() == ["a", "'=1+1", "5"]
    assert (
        as_latex(["a", "b"], [[r"\input{x}", "1 & 2"]]).splitlines()[5]
        == r"\textbackslash{}input\{x\} & 1 \& 2 \\"
    )


def test_the_row_with_the_focus_can_be_read(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    d.tree.activateWindow()
    d.tree.setFocus()
    qtbot.waitUntil(d.tree.hasFocus)
    d.tree.setCurrentIndex(d.index("s1"))
    box = d.tree.visualRect(d.index("s1"))
    # Above the words and inside the frame: only what lies behind them is there.
    behind = d.tree.viewport().grab().toImage().pixelColor(d.tree.viewport().width() // 2, box.top() + 3)
    assert behind == d.model.looks.chosen


def test_columns_that_somebody_arranged_come_back(qtbot: QtBot) -> None:
    left = Desk(qtbot)
    texts: list[str] = []
    left.table.columns_left.connect(texts.append)
    left.tree.columns.show(Column.INPUT, True)
    left.tree.columns.show(Column.GROUPS, False)
    left.tree.header().resizeSection(Column.PARAMS, 123)
    again = Desk(qtbot)
    again.table.arrange_columns(texts[-1])
    assert shown(again) == shown(left)
    assert again.tree.header().sectionSize(Column.PARAMS) == 123
    again.table.columns_left.connect(texts.append)
    again.tree.columns.forget()
    third = Desk(qtbot)
    third.table.arrange_columns(texts[-1])
    assert shown(third) == shown(Desk(qtbot))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"shown": 1, "widths": {"INPUT": 1e9, "KIND": true}}', "[" * 9999]
)
def test_spoilt_columns_are_no_columns(text: str) -> None:
    assert columns_of(text) == Columns()


def test_a_copy_has_exact_counts_and_says_that_it_was_made(qtbot: QtBot) -> None:
    d = Desk(qtbot)
    told: list[str] = []
    d.table.told.connect(told.append)
    d.copy("layerCopyMarkdown")
    text = QGuiApplication.clipboard().text()
    conv1 = next(line for line in text.splitlines() if line.startswith("| conv1 "))
    assert "| 118 013 952 | 802 816 |" in conv1  # 64 * 112 * 112 outputs, each of 3 * 7 * 7 multiply-adds
    assert "| 4 089 184 256 | 11 113 984 |" in text.splitlines()[-1]
    assert told == [f"Copied {len(list(d.model.all_rows()))} rows as Markdown"]
