// A program of a vendor's customer: nothing but the endpoint is ours. usage: calls.cjs HOST:PORT SECRET_ID SECRET_KEY
const { iotcloud } = require('tencentcloud-sdk-nodejs')
const [endpoint, secretId, secretKey] = process.argv.slice(2)

async function calls(Client) {
  const client = new Client({
    credential: { secretId, secretKey },
    region: 'ap-guangzhou',
    profile: { httpProfile: { endpoint, protocol: 'http://' } },
  })
  const device = { ProductID: 'ABCDE12345', DeviceName: 'dev001' }
  const list = await client.DescribeDeviceResources({ Offset: 0, Limit: 10, ...device })
  const one = await client.DescribeDeviceResource({ ...device, Name: 'pic' })
  const { Url } = await client.DownloadDeviceResource({ ...device, Name: 'pic' })
  const missing = await client.DescribeDeviceResource({ ...device, Name: 'none' }).catch((e) => e.code)
  return { total: list.TotalCount, md5: one.Result.Md5, url: Url, missing }
}

async function main() {
  const answers = []
  for (const version of ['v20180614', 'v20210408']) answers.push(await calls(iotcloud[version].Client))
  console.log(JSON.stringify(answers))
}

main().catch((e) => {
  console.error(e.code, e.message)
  process.exitCode = 1
})
