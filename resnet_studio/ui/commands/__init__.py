"""The editing commands on a Document, one undo step each with its words: what menus, keys, drops and views share.

They know no view. Commands that have nothing to do change nothing; what must not be is refused as a StudioError.
"""

from resnet_studio.ui.commands.checking import checked
from resnet_studio.ui.commands.copying import (
    chosen_blocks,
    copy,
    copy_stage,
    cut,
    duplicate,
    insert_specs,
    paste,
    put_specs,
    put_specs_at,
)
from resnet_studio.ui.commands.deleting import delete
from resnet_studio.ui.commands.inserting import (
    add_head,
    insert_kind,
    insert_kind_at,
    insert_stage,
    insert_stage_at,
    place_after_selection,
    repair,
)
from resnet_studio.ui.commands.moving import (
    move,
    move_down,
    move_stage,
    move_to_neighbour,
    move_up,
    select_all,
)

__all__ = [
    "add_head",
    "checked",
    "chosen_blocks",
    "copy",
    "copy_stage",
    "cut",
    "delete",
    "duplicate",
    "insert_kind",
    "insert_kind_at",
    "insert_specs",
    "insert_stage",
    "insert_stage_at",
    "move",
    "move_down",
    "move_stage",
    "move_to_neighbour",
    "move_up",
    "paste",
    "place_after_selection",
    "put_specs",
    "put_specs_at",
    "repair",
    "select_all",
]
