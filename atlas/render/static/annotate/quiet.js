// where a fieldworker looks and what they show is nobody's business: neither goes into the address, and so into no history
"use strict";

Atlas.state.set = ((set) => ({ map: _place, layers: _shown, ...rest }) => set(rest))(Atlas.state.set);

// the many small parts of this page
Atlas.notes = {};
