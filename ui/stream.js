/* Keeps Gradio's stream of events from being closed while an answer is on its way in it.
   Gradio's server ends the stream when nothing is under way, and its client opens another one with
   the next event. What is joined after the server has decided to end it, and before the client has
   read so, is waited for in a stream that is closed a moment later, and is never heard of. So the
   end is passed on only if nothing is awaited; otherwise the stream goes on in a new request.
   Depends on nothing; stands before Gradio's own script. */
(() => {
  "use strict";
  if (window.kutipStream) return;
  window.kutipStream = true;

  const LONGEST = 2000; // milliseconds in which the client takes note of an end
  const plain = window.fetch.bind(window);
  const awaited = new Set(); // events that were joined and are not yet complete
  const early = new Set(); // events complete before the answer to their joining was read
  let joining = 0; // joinings that are on their way
  let ending = null; // while the client is being told of an end

  const joined = async (input, init) => {
    joining += 1;
    try {
      const response = await plain(input, init);
      const told = await response.clone().json().catch(() => null); // the client says what is wrong
      if (told && told.event_id && !early.delete(told.event_id)) awaited.add(told.event_id);
      while (ending) await ending; // so that the client sees that it must open a stream
      return response;
    } finally {
      joining -= 1;
    }
  };

  async function* messages(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const parts = (text + value).split("\n\n");
      text = parts.pop();
      for (const part of parts) yield `${part}\n\n`;
    }
    if (text) yield text;
  }
  const parsed = (text) => {
    try { return JSON.parse(text.replace(/^data:/, "")); } catch (error) { return {}; }
  };
  const settled = (event) => {
    if (!awaited.delete(event)) early.add(event);
  };

  // Reads one stream of the server to its very end, and returns how it said that it ends, if it
  // did. A client that went away at that message would have the server forget what is waiting.
  const passOn = async (body, controller) => {
    let last = "";
    for await (const text of messages(body)) {
      const { msg, event_id: event } = parsed(text);
      if (msg === "process_completed" && event) settled(event);
      if (msg === "close_stream") last = text;
      else controller.enqueue(new TextEncoder().encode(text));
    }
    return last;
  };
  const listened = async (request) => {
    const first = await plain(request);
    if (!first.ok || !first.body) return first;
    const goOn = async (controller) => {
      let last = await passOn(first.body, controller);
      while (last && (joining || awaited.size)) {
        const next = await plain(request);
        if (!next.ok) throw new TypeError(`The stream of events ended with ${next.status}`);
        last = await passOn(next.body, controller);
      }
      if (last) {
        ending = new Promise((resolve) => {
          request.signal.addEventListener("abort", resolve, { once: true });
          setTimeout(resolve, LONGEST);
        }).then(() => { ending = null; });
        controller.enqueue(new TextEncoder().encode(last));
      }
      controller.close();
    };
    const body = new ReadableStream({
      start(controller) {
        goOn(controller).catch((error) => {
          awaited.clear(); // the client gives up all that it waited for
          controller.error(error);
        });
      },
    });
    return new Response(body, { status: first.status, headers: first.headers });
  };

  window.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input), location.href);
    if (url.origin === location.origin && url.pathname.endsWith("/queue/join")) return joined(input, init);
    if (url.origin === location.origin && url.pathname.endsWith("/queue/data")) {
      return listened(new Request(input, init));
    }
    return plain(input, init);
  };
})();
