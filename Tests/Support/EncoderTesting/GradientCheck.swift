import Tensors

/// Some numbers of every parameter of a store by central differences, beside the gradient that the tape gave.
/// - Parameters:
///   - count: how many numbers of each parameter.
///   - loss: the same loss each time it is called.
/// - Returns: what differs by more than 1e-6, relative above 1: name, place and both numbers.
package func gradientMisses(_ store: ParameterStore<Double>, count: Int, seed: UInt64, loss: () throws -> Tensor<Double>) throws -> [String] {
    _ = try Tape<Double>().differentiate(store) { try loss() }
    var random = RandomSource(seed: seed), misses: [String] = []
    for parameter in store.parameters {
        let value = parameter.value, gradient = parameter.gradient.scalars
        for _ in 0..<count {
            let place = random.integer(below: value.count)
            func moved(_ step: Double) throws -> Double {
                var numbers = value.scalars
                numbers[place] += step
                parameter.assign(Tensor(shape: value.shape, numbers))
                return try loss().scalar
            }
            let numeric = (try moved(1e-5) - moved(-1e-5)) / 2e-5
            parameter.assign(value)
            if !(abs(numeric - gradient[place]) < 1e-6 * max(1, abs(numeric))) { misses.append("\(parameter.name)[\(place)]: \(gradient[place]) and not \(numeric)") }
        }
    }
    return misses
}
