import io
import threading

import pytest
from PIL import Image

from workbench.domain.model import Box
from workbench.review.preview import Decoded, Picture


def jpeg(number, size=(200, 100)):
    held = io.BytesIO()
    Image.new("RGB", size, (number, 0, 0)).save(held, "JPEG")
    return held.getvalue()


def test_decoded_pictures_are_kept_by_size_and_the_last_ones_first():
    kept = Decoded(most=3 * 200 * 100 * 3)
    pictures = [jpeg(10 * number) for number in range(5)]
    first = kept.image(pictures[0])
    assert kept.image(pictures[0]) is first
    for one in pictures[1:]:
        kept.image(one)
        assert kept.held <= kept.most
    assert kept.image(pictures[4]) is kept.image(pictures[4])
    assert kept.image(pictures[0]) is not first
    assert kept.image(pictures[0]).getpixel((1, 1)) == first.getpixel((1, 1))


def test_one_that_is_larger_than_all_room_is_shown_and_not_kept():
    kept = Decoded(most=1000)
    assert kept.image(jpeg(1)).size == (200, 100)
    assert kept.held == 0


def test_many_threads_count_a_picture_once():
    kept, one = Decoded(), jpeg(7, (800, 600))
    threads = [threading.Thread(target=kept.image, args=(one,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.held == 3 * 800 * 600


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_picture_is_a_picture(turn):
    assert Picture(jpeg(9), (400, 200)).address(turn).startswith("data:image/jpeg;base64,")


def test_a_crop_lies_where_the_box_does_and_ends_with_the_picture():
    picture = Picture(jpeg(9), (400, 200))
    assert picture.scale == 0.5
    assert picture.crop(Box(10, 10, 60, 30)).startswith("data:image/jpeg")
    assert picture.crop(Box(500, 10, 600, 30)) == ""
