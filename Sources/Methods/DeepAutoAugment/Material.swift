import Augmentation
import Datasets
import Experiments
import Tensors

/// Which rows of a training part play which role in the search, and which are trained on in the evaluation.
package struct SearchSplit: Sendable, Equatable {
    package var pretraining: [Int], search: [Int], validation: [Int]

    /// In the order of the file, or shuffled by the seed.
    /// - Throws: `DeepAAError` when there are too few rows.
    package init(count: Int, pretraining first: Int, search second: Int, validation third: Int, isShuffled: Bool, random: RandomSource) throws {
        var random = random
        guard first > 0, second > 0, third > 0, first + second + third <= count else {
            throw DeepAAError("the training part has \(count) pictures; pretraining \(first), search \(second) and validation \(third) need \(first + second + third), so lower one of them")
        }
        let order = isShuffled ? random.permutation(count) : Array(0..<count)
        try self.init(pretraining: Array(order[..<first]), search: Array(order[first..<first + second]), validation: Array(order[first + second..<first + second + third]))
    }

    /// - Throws: `DeepAAError` when a row plays two parts.
    package init(pretraining: [Int], search: [Int], validation: [Int]) throws {
        let all = pretraining + search + validation
        guard Set(all).count == all.count else { throw DeepAAError("a picture is in two of pretraining, search and validation; the parts must not overlap") }
        (self.pretraining, self.search, self.validation) = (pretraining, search, validation)
    }
}

/// Everything a run works on, a function of the request alone.
struct Material {
    /// Of the set that is searched on.
    let pretraining: PictureTable, search: PictureTable, validation: PictureTable
    let searchNormalisation: PictureNormalisation
    /// Of the set that policies are judged on.
    let training: PictureTable, test: PictureTable
    let normalisation: PictureNormalisation

    init(_ context: RunContext, _ settings: Settings) throws {
        let own = try Self.parts(context, context.request.dataset, settings)
        let other = settings.searchDataset.isEmpty || settings.searchDataset == context.request.dataset ? own : try Self.parts(context, settings.searchDataset, settings)
        func normalisation(_ name: String, _ table: PictureTable) -> PictureNormalisation {
            switch settings.normalisation {
            case .cifar: .cifar
            case .own: PictureNormalisation(of: table)
            case .auto: name.hasPrefix("cifar") || name == "shapes32" ? .cifar : PictureNormalisation(of: table)
            }
        }
        let split = try SearchSplit(count: other.training.count, pretraining: settings.pretrainingCount, search: settings.searchCount, validation: settings.validationCount,
                                    isShuffled: settings.isShuffled, random: context.random.stream("split"))
        pretraining = other.training.rows(split.pretraining)
        search = other.training.rows(split.search)
        validation = other.training.rows(split.validation)
        searchNormalisation = normalisation(settings.searchDataset.isEmpty ? context.request.dataset : settings.searchDataset, other.training)
        let trained = settings.evaluationCount == 0 ? own.training.count : settings.evaluationCount
        guard trained <= own.training.count else { throw DeepAAError("parameter evaluation: \(trained) pictures are asked for and the training part has \(own.training.count); ask for fewer, or 0 for all") }
        var random = context.random.stream("evaluation split")
        let order = settings.isShuffled ? random.permutation(own.training.count) : Array(0..<own.training.count)
        training = own.training.rows(order[..<trained])
        test = own.test.rows(0..<(settings.testCount == 0 ? own.test.count : min(own.test.count, settings.testCount)))
        self.normalisation = normalisation(context.request.dataset, own.training)
        guard training.count >= 2, test.count >= 1 else { throw DeepAAError("\(context.request.dataset) has too few pictures to train and test on") }
    }

    /// Training and test part; where there is no test part, the last third of the pictures, in an order of its own, is one.
    private static func parts(_ context: RunContext, _ name: String, _ settings: Settings) throws -> (training: PictureTable, test: PictureTable) {
        let images = try context.library.images(name), table = try PictureTable(images, part: images.training)
        if let test = images.test { return (table, try PictureTable(images, part: test)) }
        // Not the run's seed: a test part is one for all seeds.
        var random = RandomSource(seed: 0).stream("test part")
        let order = random.permutation(table.count), cut = table.count - table.count / 3
        return (table.rows(order[..<cut].sorted()), table.rows(order[cut...].sorted()))
    }
}
