"""Paints on pictures what judging describes: limbs, marks, labels, cards, blurred faces.

Nothing here decides what is shown or how it was judged.
"""
