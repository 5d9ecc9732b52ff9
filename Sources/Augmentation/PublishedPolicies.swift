/// Policies that papers published.
public enum PublishedPolicies {
    /// Deep AutoAugment on CIFAR-10, first run of the released file, rounded to thousandths; each layer renormalised.
    public static let deepAutoAugment: AugmentationPolicy = {
        let none: [PixelTransform: [Int: Double]] = [:]
        func row(_ transform: PixelTransform, _ values: [Double]) -> [PixelTransform: [Int: Double]] {
            [transform: Dictionary(uniqueKeysWithValues: zip(transform.magnitudes, values))]
        }
        func single(_ values: [PixelTransform: Double]) -> [PixelTransform: [Int: Double]] { values.mapValues { [6: $0] } }
        func layer(_ parts: [[PixelTransform: [Int: Double]]]) -> [Double] {
            let table = parts.reduce(into: none) { table, part in table.merge(part) { $0.merging($1) { $1 } } }
            let numbers = PolicyOperation.all.map { table[$0.transform]?[$0.magnitude] ?? 0 }, sum = numbers.reduce(0, +)
            return numbers.map { $0 / sum }
        }
        let layers = [
            layer([
                row(.shearX, [21, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 19]), row(.shearY, [32, 9, 3, 1, 0, 0, 0, 0, 0, 1, 2, 4]),
                row(.translateX, [62, 10, 3, 0, 0, 0, 0, 0, 0, 2, 7, 80]), row(.translateY, [33, 4, 7, 1, 0, 0, 0, 0, 1, 2, 11, 67]),
                row(.rotate, [20, 6, 3, 6, 4, 0, 0, 2, 2, 2, 4, 22]), row(.solarize, [17, 25, 17, 16, 12, 10, 17, 11, 12, 13, 9, 2]),
                row(.contrast, [8, 21, 29, 3, 0, 0, 0, 0, 0, 0, 0, 1]), row(.color, [81, 3, 1]),
                row(.brightness, [0, 18, 24, 3, 0, 0, 0, 0, 0, 1, 2, 23]), row(.sharpness, [36, 1]),
                single([.identity: 24, .equalize: 74, .invert: 17, .cutout: 4, .autoContrast: 1]),
            ]),
            layer([single([.cutout: 918, .crop: 51, .identity: 17])]),
            layer([single([.crop: 897, .identity: 35, .cutout: 31, .flip: 11]), [.color: [3: 4, 4: 3]], row(.posterize, [3, 3, 3])]),
            layer([single([.flip: 731, .crop: 150, .identity: 43, .cutout: 14, .autoContrast: 4]), [.color: [4: 33, 5: 11, 3: 9]]]),
            layer([single([.crop: 319, .identity: 72, .autoContrast: 19, .cutout: 9]), [.color: [4: 312, 5: 252, 3: 14]]]),
            layer([single([.identity: 965, .crop: 20, .autoContrast: 5])]),
        ]
        return AugmentationPolicy(sound: layers)
    }()

    /// One half of a sub-policy of AutoAugment: applied with a probability, at a level of 0 to 9.
    public struct Step: Sendable {
        public var transform: PixelTransform, probability: Double, level: Int
        init(_ transform: PixelTransform, _ probability: Double, _ level: Int) { (self.transform, self.probability, self.level) = (transform, probability, level) }
    }

    /// AutoAugment's 25 sub-policies for CIFAR-10 (Cubuk et al. 2019, arXiv 1805.09501).
    public static let autoAugment: [[Step]] = [
        [Step(.invert, 0.1, 7), Step(.contrast, 0.2, 6)], [Step(.rotate, 0.7, 2), Step(.translateX, 0.3, 9)], [Step(.sharpness, 0.8, 1), Step(.sharpness, 0.9, 3)],
        [Step(.shearY, 0.5, 8), Step(.translateY, 0.7, 9)], [Step(.autoContrast, 0.5, 8), Step(.equalize, 0.9, 2)],
        [Step(.shearY, 0.2, 7), Step(.posterize, 0.3, 7)], [Step(.color, 0.4, 3), Step(.brightness, 0.6, 7)], [Step(.sharpness, 0.3, 9), Step(.brightness, 0.7, 9)],
        [Step(.equalize, 0.6, 5), Step(.equalize, 0.5, 1)], [Step(.contrast, 0.6, 7), Step(.sharpness, 0.6, 5)],
        [Step(.color, 0.7, 7), Step(.translateX, 0.5, 8)], [Step(.equalize, 0.3, 7), Step(.autoContrast, 0.4, 8)], [Step(.translateY, 0.4, 3), Step(.sharpness, 0.2, 6)],
        [Step(.brightness, 0.9, 6), Step(.color, 0.2, 8)], [Step(.solarize, 0.5, 2), Step(.invert, 0, 3)],
        [Step(.equalize, 0.2, 0), Step(.autoContrast, 0.6, 0)], [Step(.equalize, 0.2, 8), Step(.equalize, 0.6, 4)], [Step(.color, 0.9, 9), Step(.equalize, 0.6, 6)],
        [Step(.autoContrast, 0.8, 4), Step(.solarize, 0.2, 8)], [Step(.brightness, 0.1, 3), Step(.color, 0.7, 0)],
        [Step(.solarize, 0.4, 5), Step(.autoContrast, 0.9, 3)], [Step(.translateY, 0.9, 9), Step(.translateY, 0.7, 9)], [Step(.autoContrast, 0.9, 2), Step(.solarize, 0.8, 3)],
        [Step(.equalize, 0.8, 8), Step(.invert, 0.1, 3)], [Step(.translateY, 0.7, 9), Step(.autoContrast, 0.9, 1)],
    ]
}
