"""The guided tour over the real program: chapters as data, a player, and a card beside the thing it speaks of."""
