import Tensors

/// Which rows of a data set play which part in a run. Rows are numbered over the training part, then the test part.
package struct Split: Sendable, Equatable {
    /// The training examples; with the task extend the core, then the pool.
    package var training: [Int]
    package var validation: [Int]
    package var test: [Int]
    /// Other clean rows, for a network that makes the features.
    package var others: [Int]

    /// Shuffles the training part by the seed and deals it out: training, validation, others. The test rows are the first of the
    /// published test part, or, where there is none, the last third of the shuffled rows (what comes before rounded up to a full
    /// hundred: 1,200 and 597 of the 1,797 digits).
    /// - Parameters:
    ///   - wanted: how many training examples are asked for.
    ///   - required: true where fewer will not do.
    /// - Throws: `DIVAError` when there are too few rows.
    package init(trainingCount: Int, testCount: Int, wanted: Int, required: Bool, validation validationCount: Int, test testWanted: Int,
                 others othersWanted: Int, random: RandomSource) throws {
        var random = random
        let order = random.permutation(trainingCount)
        var available = trainingCount
        if testCount > 0 {
            test = Array(trainingCount..<trainingCount + (testWanted == 0 ? testCount : min(testCount, testWanted)))
        } else {
            let twoThirds = trainingCount - trainingCount / 3
            let hundreds = (twoThirds + 99) / 100 * 100
            let start = hundreds < trainingCount ? hundreds : twoThirds
            available = start
            test = Array(order[start...].suffix(testWanted == 0 ? Int.max : testWanted))
        }
        let room = available - validationCount - othersWanted
        guard room >= 2, !test.isEmpty else {
            throw DIVAError("the data set has \(trainingCount) training rows of which \(available) may be trained on; that is too few for "
                + "\(validationCount) validation examples, \(othersWanted) pictures for the network and at least two training examples")
        }
        guard room >= wanted || !required else {
            throw DIVAError("core and pool need \(wanted) examples but only \(room) can be trained on; lower core or pool")
        }
        let count = min(wanted, room)
        training = Array(order[..<count])
        validation = Array(order[count..<count + validationCount])
        others = Array(order[count + validationCount..<count + validationCount + othersWanted])
    }
}
