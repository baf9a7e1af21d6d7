"""A room with a small review."""

import pytest
from reviewflow.desk.review import Review

from tests.unit.desk.desk_room import config, make_review


@pytest.fixture
def room(tmp_path):
    review = Review(make_review(tmp_path), config())
    yield review
    review.close()
