"""The desk: a store on a page of this machine, where people review together; every act is a change of the commands."""
