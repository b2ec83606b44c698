"""Hand-over of notes with a receipt: sealed change sets, their transfer in pieces, the store's key and its receipts."""
