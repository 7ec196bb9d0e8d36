"""What the server sends while its stream is closed and opened again."""

from __future__ import annotations

from tests.browser import steps
from tests.browser.conftest import Opener
from tests.browser.site import Site
from tests.newsroom import LATE, WHO

# A browser that is slow to read that a stream has ended: that message reaches the page late, and
# whatever is asked meanwhile joins a stream that the server has already ended.
_SLOW_END = """
const plain = window.fetch.bind(window);
window.held = 0;
window.fetch = async (input, init) => {
  const response = await plain(input, init);
  const url = String(input instanceof Request ? input.url : input);
  if (!url.includes("/queue/data") || !response.body) return response;
  const late = new TransformStream({
    async transform(chunk, controller) {
      if (new TextDecoder().decode(chunk).includes("close_stream")) {
        window.held += 1;
        await new Promise((resolve) => setTimeout(resolve, 1500));
        window.held -= 1;
      }
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(late), response);
};
"""


def test_a_question_asked_as_the_stream_ends_is_answered(site: Site, opened: Opener) -> None:
    """Nothing is lost between the end of one stream and the begin of the next; and the stream does
    end, so that a page at rest keeps no connection for it."""
    page = opened(site, script=_SLOW_END)
    page.wait_for_function("window.held > 0")
    assert steps.answer_of(steps.ask(page, WHO)) == LATE
    page.wait_for_function("window.held > 0")
    page.wait_for_function("window.held === 0")
    page.wait_for_timeout(500)
    with page.expect_request("**/queue/data**"):
        steps.ended(steps.begin(page, WHO))
