"""What working on the atlas needs beside the atlas: browsers, Node and npm's packages; nothing of it is shipped."""
