"""``python -m bot``: the program without its installed name."""

from bot.cli import main

main()
