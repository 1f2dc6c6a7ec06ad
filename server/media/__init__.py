"""Picture and sound beside the conference: which bridges there are, who may publish and watch where, and the rooms'
small pictures. The service works in full without any of it."""
