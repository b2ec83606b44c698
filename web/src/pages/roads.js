// the roads of a user's own file: runs before the page's own script, and draws when the map has its place
import { pageData } from "../data.js";
import { unpack } from "../packed-arcs.js";
import { pane } from "../panes.js";

L.Map.addInitHook(
  /** @this {L.Map} */ function () {
    // above land and water, below all that the atlas speaks of
    pane(this, "roads", 210);
    const renderer = L.svg({ pane: "roads", padding: 0.3 });
    this.whenReady(() => {
      const { perDegree, ranks } = pageData("roads");
      // the greatest on top
      for (const { rank, steps, sizes } of ranks.reverse())
        L.polyline(unpack({ perDegree, steps, sizes }), {
          renderer,
          interactive: false,
          className: `road road-${rank}`,
        }).addTo(this);
    });
  },
);
