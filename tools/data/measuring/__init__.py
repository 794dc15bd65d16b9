"""How the data was made: trainings, what is measured of networks, and experiments.

Nothing here is part of the library, whose public names it imports. What lies in data/ is read by
`ensembles_lib.study`, which says by version and digest what must be measured again; the commands
in the folder above measure it.

Read `trainings` and `studies` (many networks, each measured once), `traits` (what is measured of
each), `histories` with `emergence`, and `gathering`: what the table of all claims needs beyond
that. The experiments of the trials lie in files named after those of `ensembles_lib.study.claims`,
where the rules are that judge them.
"""
