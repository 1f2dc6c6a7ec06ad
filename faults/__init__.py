"""The faults of a conference's morning, rehearsed on a whole cluster: `python -m faults NAME | all [--short]`."""
