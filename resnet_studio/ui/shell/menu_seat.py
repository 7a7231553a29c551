"""A window's menus and their actions: made when they are first needed, greyed where they mean nothing. Knows no view's inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resnet_studio.ui.shell.menus import make_menus

if TYPE_CHECKING:
    from resnet_studio.ui.shell.actions import Actions
    from resnet_studio.ui.shell.main_window import MainWindow


class MenuSeat:
    """The menus stand in the first picture, empty; what is in them comes after it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._made: Actions | None = None
        self.menus = make_menus(window.menuBar())
        for menu in self.menus.values():
            menu.aboutToShow.connect(self.make)

    @property
    def acts(self) -> Actions:
        """The actions; asking for them makes them."""
        if self._made is None:
            from resnet_studio.ui.shell.actions import Actions

            self._made = Actions(self._window)
            self._made.refused.connect(self._window.tell_refusal)
            self._fill(self._made)
        return self._made

    def make(self) -> None:
        """Make the actions, unless there are some."""
        _ = self.acts

    def _fill(self, acts: Actions) -> None:
        from resnet_studio.ui.shell.menus import every
        from resnet_studio.ui.shell.menus.file import fill_recent

        window = self._window
        every.make_actions(acts, window.doings)
        every.fill_menus(self.menus, acts, window.doings)
        self.enable()
        recent = self.menus["recent"]
        recent.aboutToShow.connect(lambda: fill_recent(recent, window.settings.recent, window.open_path))
        self.menus["panels"].aboutToShow.connect(self._fill_panels)

    def _fill_panels(self) -> None:
        menu, editor = self.menus["panels"], self._window.made_editor
        if editor is not None and menu.isEmpty():
            menu.addActions(editor.toggles())

    def enable(self) -> None:
        """Grey what cannot be done now."""
        if self._made is None:
            return
        from resnet_studio.ui.shell.enabling import enable

        window, editor = self._window, self._window.made_editor
        in_training = editor is not None and editor.training.isAncestorOf(window.focusWidget())
        training = editor.train_views.state.usable if editor is not None else {}
        enable(self._made, window.document, training, in_editor=window.in_editor, in_training=in_training)
