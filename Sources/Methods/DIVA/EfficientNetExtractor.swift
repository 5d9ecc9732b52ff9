import Datasets
import Layers
import Tensors

/// EfficientNet-Lite0 over the pictures of a data set.
struct EfficientNetExtractor: FeatureExtractor {
    private let network: EfficientNetLite
    private let side: Int
    let dimension = EfficientNetLite.featureCount
    let batch = 4

    init(_ weights: WeightsFile, side: Int) throws {
        network = try EfficientNetLite(weights)
        self.side = side
    }

    func features(_ pictures: Pictures) throws -> [Float] {
        let features = try network.features(pictures.upsampled(longerSide: side))
        return try features.reshaped(pictures.count, dimension).scalars
    }
}

extension EfficientNetLite {
    /// The network of a weights file.
    package init(_ file: WeightsFile) throws {
        try self.init(shape: { file[$0]?.shape }, floats: { try file.floats($0, shape: $1) })
    }
}
