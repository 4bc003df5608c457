"""A sheet that does not lie flat: its form is found as a plane first, then bent to what its anchors say.

A curled or folded sheet under a lens is no homography of its form: anchors lie off by millimetres, smoothly.
The displacement is a polynomial of the place on the form, stiff in its higher degrees, fitted robustly to all
anchors, so that it cannot follow one that was matched a tooth of a comb aside.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr.coarse import Guess, Levelled, coarse_places
from ocr.frame import place
from ocr.pages import Image
from ocr.prepare import reduced, turned
from ocr.register import (
    TOLERANCE_MM,
    Points,
    Registration,
    agree_coarsely,
    bend_terms,
    match,
    placed,
    turns,
)
from ocr.template import COARSE_DPI, FINE_DPI, PATCH, Template

LEAST_RATIO, LEAST_INLIERS, MOST_RESIDUAL_MM = 0.75, 30, 0.2
"""Of a bent sheet in its place: more than a plane must show, for it is freer."""

FLAT_MM = 0.08
"""Anchors of a flat sheet lie closer than this: where they do not, a bend is looked for."""

_REACH = (10, 6, 4)  # px at FINE_DPI, round by round
_GUESSES = 2
_LEAST_SCORE = 0.4
"""Of a guess worth a closer look: a wrong one has 0.1 to 0.35, the right one, bent as it is, 0.6 and more."""

_STIFFNESS = np.repeat((1e-3, 1e-3, 1e-3, 0.01, 0.1, 0.1), range(1, 7))
"""Of the terms of a bend, degree by degree: how much evidence each needs."""


def register_bent(look: Image, templates: Sequence[Template]) -> Registration | None:
    """As `register`, for a sheet that is bent; dearer, so asked where that found nothing."""
    if min(look.shape) < 200:
        return None
    page = Levelled.of(reduced(look, FINE_DPI, COARSE_DPI))
    for rotation in turns(look):
        for guess in coarse_places(page, templates, rotation)[:_GUESSES]:
            rough = _rough(look, guess) if guess.score > _LEAST_SCORE else None
            found = _settled(look, rough) if rough is not None else None
            if found is not None:
                return found
    return None


def refined(look: Image, found: Registration) -> Registration:
    """The registration, bent where the sheet is; unchanged where it lies flat or nothing better is found."""
    if found.residual <= FLAT_MM:
        return found
    better = _settled(look, found)
    if better is None or better.inliers < found.inliers or better.residual > found.residual:
        return found
    return better


def _rough(look: Image, guess: Guess) -> Registration | None:
    """The plane nearest to where anchors are seen at COARSE_DPI, from a wide search."""
    small = reduced(turned(look, guess.rotation), FINE_DPI, COARSE_DPI)
    found = agree_coarsely(small, guess, 14, 5.0)
    return None if found is None else placed(guess, small, COARSE_DPI, found)


def _settled(look: Image, rough: Registration) -> Registration | None:
    """Rounds of matching, each closer than the one before; None where too few anchors agree at the end."""
    page = turned(look, rough.rotation)
    blank = rough.template
    anchors = blank.anchors_dark if rough.dark else blank.anchors
    form = blank.fine_dark if rough.dark else blank.fine
    px = FINE_DPI / 25.4
    found = rough
    for reach in _REACH:
        straight = place(page, found, (form.shape[1], form.shape[0]), px)
        source, target = match(straight, form, anchors, PATCH, reach, 0.4)
        if len(source) < LEAST_INLIERS:
            return None
        found = _bent_to(found, (source + 0.5) / px, found.points((target + 0.5) / px), len(anchors))
    sure = found.ratio >= LEAST_RATIO and found.inliers >= LEAST_INLIERS
    return found if sure and found.residual <= MOST_RESIDUAL_MM else None


def _bent_to(found: Registration, mm: Points, seen: Points, anchors: int) -> Registration:
    """`mm` on the form was seen at `seen`, fractions of the page: the bend that says so of most."""
    back = np.linalg.inv(found.matrix)
    off = cv2.perspectiveTransform(seen.reshape(-1, 1, 2), back).reshape(-1, 2) - mm
    terms = bend_terms(mm, found.template.form.page_mm)
    weights = np.ones(len(mm))
    bend = np.zeros((terms.shape[1], 2))
    left = np.linalg.norm(off, axis=1)
    for _ in range(12):  # Tukey's weights: what lies far off the others says nothing
        held = terms * weights[:, None]
        bend = np.linalg.solve(held.T @ terms + np.diag(_STIFFNESS), held.T @ off)
        left = np.linalg.norm(off - terms @ bend, axis=1)
        far = 4.7 * max(1.48 * float(np.median(left)), 0.08)
        weights = np.clip(1 - (left / far) ** 2, 0, None) ** 2
    near = left < TOLERANCE_MM
    inliers = int(near.sum())
    residual = float(np.median(left[near])) if inliers else 9.0
    return replace(found, bend=bend, inliers=inliers, ratio=inliers / anchors, residual=residual)
