import Datasets
import Tensors
enum EfficientNetLite0 { static let featureCount = 1280 }
struct EfficientNetExtractor: FeatureExtractor {
    var dimension = 1280, batch = 1
    init(_ w: WeightsFile, side: Int) throws { throw DIVAError("network features are not in this revision yet; set features to fourier or pixels") }
    func features(_ p: Pictures) throws -> [Float] { [] }
}
struct SmallConvolutionalNetwork: FeatureExtractor {
    static let featureCount = 128
    var dimension = 128, batch = 1
    init(training: Pictures, labels: [Int], classes: Int, epochs: Int, random: RandomSource, report: (Double, Double, Double) -> Void, proceed: () throws -> Void) throws { throw DIVAError("network features are not in this revision yet; set features to fourier or pixels") }
    func features(_ p: Pictures) throws -> [Float] { [] }
}
