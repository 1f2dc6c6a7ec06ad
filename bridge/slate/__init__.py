"""The slate: a still picture that stands on the programme while main and spare are both gone."""
