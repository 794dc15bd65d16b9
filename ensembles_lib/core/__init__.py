"""A wiring, its weights, the painting, learning, and pictures: the article's main job.

Read `wiring` first (who hears whom, and how synapses are numbered), then `passes` (what the neurons
do, and the derivatives), `network` (both together: it paints), `picture`, and `training`.
"""
