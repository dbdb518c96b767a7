import Logging
import WebsiteHandlers

extension ServiceAssembly {
    func makeWebsite(_ logger: Logger) throws -> ServedService {
        let documents = try SpecFolder(path: settings.specs).documents()
        let service = WebsiteService(version: CodeLab.version, documents: documents, logger: logger)
        return ServedService(router: service.makeRouter(), logger: logger)
    }
}
