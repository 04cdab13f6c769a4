"""How often posecoach is right: labels in, counts out. `labels` reads label files, `mapping` says which label tells about which clause,
`scoring` counts, `smiles` measures the smile, `report` and `plots` write; `run` composes them.
"""
