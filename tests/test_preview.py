import base64
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


def test_faded_print_in_a_shadow_comes_forward_and_the_original_colours_stay():
    paper = Image.new("RGB", (600, 400))
    paper.putdata([(90 + 120 * (x > 300), 100 + 110 * (x > 300), 80) for _ in range(400) for x in range(600)])
    for left in (100, 450):  # the same faint stroke in the shadow and in the light
        for y in range(150, 250):
            for x in range(left, left + 6):
                paper.putpixel((x, y), tuple(int(0.85 * v) for v in paper.getpixel((x, y))))
    held = io.BytesIO()
    paper.save(held, "JPEG", quality=95)
    picture = Picture(held.getvalue(), (600, 400))
    shown = _image(picture.address(clear=True)).convert("L")
    for left in (100, 450):
        assert shown.getpixel((left + 3, 200)) < shown.getpixel((left - 30, 200)) - 90
    assert _image(picture.address()).getpixel((450, 20))[2] < 120
    assert _image(picture.address(90, clear=True)).size == (400, 600)


def _image(url):
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")
