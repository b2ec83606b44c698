// a worker in a frame, where the browser gives none to pages from file://; the search of the documentation runs in it
const load = (inside, address) =>
  new Promise((resolve, reject) => {
    const script = inside.document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    inside.document.head.append(script);
  });

// by this name the search knows that it is in a frame
window.IFrameWorker = class extends EventTarget {
  constructor(url) {
    super();
    this.onmessage = null;
    this.frame = document.createElement("iframe");
    this.frame.hidden = true;
    document.body.append(this.frame);
    const inside = this.frame.contentWindow;
    const base = new URL(url, document.baseURI).href;
    // what the worker posts comes out here, and what it imports is a script of the frame
    inside.postMessage = (data) => {
      const event = new MessageEvent("message", { data });
      this.dispatchEvent(event);
      this.onmessage?.(event);
    };
    inside.importScripts = (...names) =>
      names.reduce((done, name) => done.then(() => load(inside, new URL(name, base).href)), Promise.resolve());
    this.inside = inside;
    this.ready = load(inside, base);
  }
  postMessage(data) {
    this.ready.then(() => this.inside.dispatchEvent(new this.inside.MessageEvent("message", { data })));
  }
  terminate() {
    this.frame.remove();
  }
};
if (location.protocol === "file:") window.Worker = window.IFrameWorker;
