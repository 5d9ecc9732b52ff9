// Layers, losses, optimisers, schedules and metrics on top of `Tensors`.
